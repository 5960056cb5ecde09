import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CODES } from '../../../src/language/text/codes.js';
import { compileDirective } from '../../../src/language/compile/compile.js';
import { CATALOG } from '../catalog.js';

interface Rule {
  /** What the rule is about. */
  rule: string;
  /** A whole file, or only its steps. */
  file?: string;
  steps?: string;
  permissions?: string;
  /** `line:column code`, or with a part of message or hint behind it; lines of `steps` count from 1. */
  finds: string[];
}

const file = new URL('compile.rules.yaml', import.meta.url);
const rules = parse(readFileSync(file, 'utf8')) as Rule[];
const HEAD = [
  'name: test',
  'version: 1.0.0',
  'description: A test',
  'inputs:',
  '  who: { type: string }',
];

function found({
  file: text,
  steps,
  permissions = 'permissions: ["execute:mcp_gateway", "read:mcps"]',
}: Rule): string[] {
  const head = [...HEAD, permissions, 'steps:'];
  const source = text ?? [...head, steps].join('\n');
  const skipped = text === undefined ? head.length : 0;
  return compileDirective(source, CATALOG).diagnostics.map(
    ({ line, column, code, message, hint }) =>
      `${line - skipped}:${column} ${code} ${message} (${hint})`,
  );
}

describe('rules', () => {
  it.each(rules.map((rule) => [rule.rule, rule] as const))('%s', (_, rule) => {
    const findings = found(rule);
    const matches = findings.map((finding, index) => {
      const [place, code, ...words] = (rule.finds[index] ?? '').split(' ');
      const same = finding.startsWith(`${place} ${code} `) && finding.includes(words.join(' '));
      return same ? rule.finds[index] : finding;
    });
    expect(matches).toEqual(rule.finds);
  });

  it('cover every code but those of hostile files', () => {
    const covered = new Set(rules.flatMap(({ finds }) => finds.map((find) => find.split(' ')[1])));
    const elsewhere = [
      'too_large',
      'nesting_too_deep',
      'control_character',
      'alias_expansion',
      'internal',
      // of Markdown directives, which have tests of their own
      'xml_syntax',
      'signature',
      'misplaced_text',
    ];
    const missing = Object.keys(CODES).filter(
      (code) => !covered.has(code) && !elsewhere.includes(code),
    );
    expect(missing).toEqual([]);
  });
});

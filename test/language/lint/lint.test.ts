import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Approver } from '../../../src/contracts/approver.js';
import { LINTS } from '../../../src/language/text/codes.js';
import { lintDirective } from '../../../src/language/lint/lint.js';
import { CATALOG } from '../catalog.js';

interface Rule {
  rule: string;
  /** A whole file, or only its steps. */
  file?: string;
  steps?: string;
  permissions?: string;
  inputs?: string;
  /** Who holds a key; absent = not known. */
  approvers?: Approver[];
  /** `line:column severity code`, or with a part of message or hint behind it; lines of `steps` count from 1. */
  finds: string[];
}

const file = new URL('lint.rules.yaml', import.meta.url);
const rules = parse(readFileSync(file, 'utf8')) as Rule[];
const SCRIPTS: Record<string, string> = {
  count_words: 'def execute(context, params): ...',
  backup: 'echo $idempotency_key',
};

function found({
  file: text,
  steps,
  permissions = '[]',
  inputs = '{}',
  approvers,
}: Rule): string[] {
  const head = ['name: a', 'version: 1.0.0', 'description: d'];
  const above = [...head, `inputs: ${inputs}`, `permissions: ${permissions}`, 'steps:'];
  const source = text ?? [...above, steps].join('\n');
  const skipped = text === undefined ? above.length : 0;
  const known = approvers && { approvers: { people: approvers, starter: 'operator' } };
  return lintDirective(source, { ...CATALOG, ...known }, (name) => SCRIPTS[name]).diagnostics.map(
    ({ line, column, severity, code, message, hint }) =>
      `${line - skipped}:${column} ${severity} ${code} ${message} (${hint})`,
  );
}

describe('opinions', () => {
  it.each(rules.map((rule) => [rule.rule, rule] as const))('%s', (_, rule) => {
    const matches = found(rule).map((finding, index) => {
      const [place, severity, code, ...words] = (rule.finds[index] ?? '').split(' ');
      const start = `${place} ${severity} ${code} `;
      const same = finding.startsWith(start) && finding.includes(words.join(' '));
      return same ? rule.finds[index] : finding;
    });
    expect(matches).toEqual(rule.finds);
  });

  it('are all here', () => {
    const covered = new Set(rules.flatMap(({ finds }) => finds.map((find) => find.split(' ')[2])));
    expect(Object.keys(LINTS).filter((code) => !covered.has(code))).toEqual([]);
  });
});

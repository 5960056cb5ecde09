import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isMarkdown } from '../../../../src/language/parse/markdown/document.js';
import { compile, directive, findings } from './directive.js';

test('a directive for a model is a plan with one conversation', () => {
  const { plan, diagnostics } = compile(directive());
  expect(diagnostics).toEqual([]);
  expect(plan).toMatchObject({
    name: 'greet',
    directive_version: '1.0.0',
    description: 'Greets people',
    instructions: true,
    inputs: { request: { type: 'string', description: 'What is said', required: true } },
    permissions: ['execute:kernel', 'execute:models'],
    steps: [
      {
        kind: 'llm',
        name: 'conversation',
        max_turns: 25,
        request: { prompt: '{{ inputs.request }}', model: 'intent' },
      },
    ],
  });
  const [talk] = plan!.steps as never as [{ tools: string[]; request: { system: string } }];
  expect(talk.tools).toEqual(['kernel_search', 'kernel_load', 'kernel_execute', 'kernel_help']);
  expect(talk.request.system).toContain('1. say: Say it\nSay <hello>.');
});

test('YAML is told from Markdown by its first lines, not by what is in its texts', () => {
  expect(isMarkdown(directive())).toBe(true);
  expect(isMarkdown('name: a\ndescription: |\n  ```yaml\n  x\n')).toBe(false);
});

describe('findings have their place', () => {
  test.each<[string, string, string[]]>([
    ['no block', '```xml\n```', ['2:1 xml_syntax']],
    ['text behind it', directive({ after: '\n\nMore.' }), ['13:1 misplaced_text']],
    ['two blocks', `${directive()}\n\`\`\`xml\n<a/>\n\`\`\``, ['several_documents']],
    ['another root', '```xml\n<thing name="a"/>\n```', ['2:1 missing_key the root is <thing>']],
    ['no process', directive({ process: '' }), ['missing_key the directive has no <process>']],
    ['no step', directive({ process: '<process></process>' }), ['8:1 empty_steps']],
    ['an open element', directive({ outputs: '<outputs><success>a</outputs>' }), ['xml_syntax']],
    ['a document type', '```xml\n<!DOCTYPE a>\n<directive/>\n```', ['xml_syntax a document type']],
    ['a bad version', directive({ root: 'name="greet" version="1"' }), ['4:34 invalid_version']],
    ['a bad name', directive({ root: 'name="Greet" version="1.0.0"' }), ['invalid_name']],
    [
      'a twin',
      directive({ inputs: '<inputs/><inputs/>' }),
      ['duplicate_key <inputs> is there twice'],
    ],
    [
      'an unknown part',
      directive({ inputs: '<imputs/>' }),
      ['7:1 unknown_key <directive> has no element <imputs>'],
    ],
    [
      'hooks',
      directive({
        metadata:
          '<description>d</description><permissions><read resource="filesystem"/></permissions><hooks><hook/></hooks>',
      }),
      ['misplaced_key'],
    ],
  ])('%s', (_name, text, expected) => {
    const found = findings(text);
    for (const each of expected)
      expect(found).toContainEqual(expect.stringContaining(each.replace(/^(\d+:\d+ )/, '$1')));
  });
});

test('several mistakes are told at once', () => {
  const text = directive({
    root: 'name="greet" version="x"',
    inputs: '<inputs><input type="strng"/></inputs>',
    outputs: '',
  });
  expect(findings(text).length).toBeGreaterThanOrEqual(3);
});

test('a signature holds for the text that follows it', () => {
  const text = directive();
  const signed = (hash: string) =>
    `<!-- kiwi-mcp:validated:2026-01-01T00:00:00Z:${hash} -->\n${text}`;
  expect(findings(signed(bytesToHex(sha256(utf8ToBytes(text)))))).toEqual([]);
  expect(findings(signed('0'.repeat(64)))).toEqual([
    expect.stringContaining('1:1 signature the text was changed'),
  ]);
  expect(findings(`<!-- kiwi-mcp:validated:now -->\n${text}`)[0]).toContain(
    'does not have the form',
  );
});

test('no text makes it fail or hang', () => {
  const piece = fc.constantFrom(
    '```xml\n',
    '\n```',
    '<directive ',
    'name="a"',
    '>',
    '</',
    '<![CDATA[',
    ']]>',
    '&lt;',
    '&x;',
    '<!--',
    '"',
    'a',
    '\n',
    '<inputs>',
    '<input name="b" default="1"/>',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const { diagnostics } = compile(`\`\`\`xml\n${pieces.join('')}`);
      for (const { code } of diagnostics) expect(code).not.toBe('internal');
    }),
    { numRuns: 500 },
  );
});

import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../src/contracts/json/json.js';
import { learnedEntry } from '../../../src/verbs/knowledge/learned-entry.js';

const read = (parameters: JsonObject, id = 'a', before?: never) =>
  learnedEntry(id, parameters, { before, source: 'actor:anna' });

test('facts stand in front of the text or beside it; beside it counts more', () => {
  const content = '---\ntitle: In front\ncategory: pattern\nconfidence: 0.5\n---\nText.\n';
  expect(read({ content })).toEqual({
    id: 'a',
    title: 'In front',
    category: 'pattern',
    content: 'Text.\n',
    confidence: 0.5,
    source: 'actor:anna',
  });
  expect(read({ content, title: 'Beside' }).title).toBe('Beside');
  expect(read({ content: '# A heading\n' }).title).toBe('A heading');
  expect(read({ content: 'no title' }).title).toBe('a');
});

test('what cannot be is refused, with what to do', () => {
  const refusal = (parameters: JsonObject, id = 'a') => {
    try {
      return JSON.stringify(read(parameters, id));
    } catch (error) {
      return (error as Error).message;
    }
  };
  for (const id of ['', '../x', 'a b', '.hidden', 'x'.repeat(129)])
    expect(refusal({ content: 'x' }, id)).toContain('is not an id');
  expect(refusal({})).toContain('"content" is missing');
  expect(refusal({ content: '---\ntitle: x\n---\n  ' })).toContain('"content" is missing');
  expect(refusal({ content: 'x'.repeat(256 * 1024 + 1) })).toContain('over 256 KiB');
  expect(refusal({ content: 'x', title: 'two\nlines' })).toContain('one line');
  expect(refusal({ content: 'x', title: 5 })).toContain('must be a text');
  for (const confidence of [-0.1, 1.1, 'high'])
    expect(refusal({ content: 'x', confidence })).toContain('from 0 to 1');
});

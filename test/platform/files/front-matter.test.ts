import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { frontMatter, withFrontMatter } from '../../../src/platform/files/front-matter.js';

test('facts and text come back as they were', () => {
  const facts = fc.dictionary(
    fc.constantFrom('id', 'title', 'category', 'source'),
    fc.oneof(
      fc.string(),
      fc.double({ min: 0, max: 1, noNaN: true }).map((n) => n + 0),
    ),
    { minKeys: 1, noNullPrototype: true },
  );
  fc.assert(
    fc.property(facts, fc.string(), (given, text) => {
      const read = frontMatter(withFrontMatter(given, text));
      expect([read.facts, read.text]).toEqual([given, text]);
    }),
  );
});

test('what is no front matter is text, and what cannot be read counts as no facts', () => {
  expect(frontMatter('just text')).toEqual({ facts: {}, text: 'just text' });
  expect(frontMatter('---\n: [\n---\ntext')).toEqual({ facts: {}, text: 'text' });
  expect(frontMatter('---\n- a\n---\ntext')).toEqual({ facts: {}, text: 'text' });
  expect(frontMatter(`---\na: ${'['.repeat(5_000)}\n---\nx`).facts).toEqual({});
});

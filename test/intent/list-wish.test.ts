import { expect, test } from '@jest/globals';
import { listWish } from '../../src/intent/list-wish.js';
import { wordsOf } from '../../src/intent/words.js';

const wish = (text: string) => listWish(text, text.toLowerCase(), wordsOf(text));

test.each<[string, object | undefined]>([
  ['list directives', { kind: 'list', type: 'directive', query: '' }],
  ['what can I run?', { kind: 'list', type: 'directive', query: '' }],
  ['which scripts are there', { kind: 'list', type: 'tool', query: '' }],
  ['find something for invoices', { kind: 'list', type: 'directive', query: 'invoices' }],
  ['do we have knowledge about scaling', { kind: 'list', type: 'knowledge', query: 'scaling' }],
  ['what is the answer', undefined],
  ['deploy everything', undefined],
])('%s', (text, expected) => {
  expect(wish(text)).toEqual(expected);
});

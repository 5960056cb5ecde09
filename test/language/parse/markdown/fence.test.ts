import { expect, test } from '@jest/globals';
import { fencesOf } from '../../../../src/language/parse/markdown/fence.js';

const contents = (text: string) =>
  fencesOf(text).map(({ language, content, closed }) => [
    language,
    text.slice(content.offset, content.end),
    closed,
  ]);

test('blocks end with a fence of their own kind and length', () => {
  expect(contents('a\n```xml\n<a/>\n```\nb')).toEqual([['xml', '<a/>\n', true]]);
  expect(contents('````xml\n```\n````')).toEqual([['xml', '```\n', true]]);
  expect(contents('~~~ XML\n```\n~~~')).toEqual([['xml', '```\n', true]]);
  expect(contents('```xml\r\n<a/>\r\n```\r\n')).toEqual([['xml', '<a/>\r\n', true]]);
});

test('a block without an end goes on to the end of the text', () => {
  expect(contents('```xml\n<a/>')).toEqual([['xml', '<a/>', false]]);
  expect(contents('```xml')).toEqual([['xml', '', false]]);
});

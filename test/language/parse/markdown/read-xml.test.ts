import { expect, test } from '@jest/globals';
import { textIn, type Element } from '../../../../src/language/parse/markdown/element.js';
import { readXml } from '../../../../src/language/parse/markdown/read-xml.js';
import { Report } from '../../../../src/language/parse/report.js';

function read(xml: string, before = 'before ') {
  const report = new Report(before + xml);
  const root = readXml(report, { offset: before.length, end: report.source.length });
  return { report, root, source: report.source };
}

test('elements and attributes have their places in the whole text', () => {
  const { root, source } = read('<a x="1">\n  <b y=\'two\'>text</b>\n</a>');
  expect(source.slice(root!.offset, root!.end)).toBe(source.slice('before '.length));
  const b = root!.children.find((child): child is Element => child.type === 'element')!;
  expect(source.slice(b.offset, b.end)).toBe("<b y='two'>text</b>");
  const y = b.attributes.get('y')!;
  expect([y.value, source.slice(y.offset, y.end)]).toEqual(['two', 'two']);
});

test('entities and CDATA are text, nested CDATA by its own marks', () => {
  const { root } = read('<a>1 &lt; 2 <![CDATA[<b> & {CDATA_OPEN}x{CDATA_CLOSE}]]></a>');
  expect(textIn(root!)).toBe('1 < 2 <b> & <![CDATA[x]]>');
});

test('several mistakes are told, each with its place', () => {
  const { report } = read('<a>\n<b>&unknown;</b>\n<c>\n</a>');
  const found = report.sorted();
  expect(found.length).toBeGreaterThanOrEqual(2);
  expect(found.every(({ code }) => code === 'xml_syntax')).toBe(true);
  expect(found[0]!.line).toBe(2);
});

test('depth and number of elements are bounded', () => {
  const deep = read('<a>'.repeat(65));
  expect(deep.root).toBeUndefined();
  expect(deep.report.sorted()[0]!.message).toContain('nested more than 64 levels');
  const many = read(`<a>${'<b/>'.repeat(5_001)}</a>`);
  expect(many.report.sorted()[0]!.message).toContain('more than 5000 elements');
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineBuffer } from '../../../../src/tools/mcp/wire/line-buffer.js';

const text = fc.array(fc.constantFrom('a', 'é', '日', '😀', '\n', '\r\n'), { maxLength: 60 });

test('lines are the same however they are cut, letters of several bytes too', () => {
  fc.assert(
    fc.property(
      text,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (parts, sizes) => {
        const whole = parts.join('');
        const bytes = Buffer.from(whole);
        const buffer = new LineBuffer(1_000);
        const lines: string[] = [];
        for (let at = 0, n = 0; at < bytes.length; n += 1) {
          const size = sizes[n % sizes.length]!;
          lines.push(...buffer.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect([...lines, buffer.rest]).toEqual(whole.split(/\r?\n/));
      },
    ),
  );
});

test('a line over the limit is refused, one at the limit is not', () => {
  const buffer = new LineBuffer(4);
  expect(buffer.push(Buffer.from('abcd\nab'))).toEqual(['abcd']);
  expect(() => buffer.push(Buffer.from('cde'))).toThrow('over 4 bytes');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readInputs } from '../../../src/cli/terminal/inputs.js';
import type { InputSpec } from '../../../src/contracts/plan.js';

const declared: Record<string, InputSpec> = {
  text: { type: 'string', required: true },
  count: { type: 'integer', required: true },
  ratio: { type: 'number', required: true },
  on: { type: 'boolean', required: true },
  list: { type: 'array', required: true },
  map: { type: 'object', required: true },
  any: { required: true },
};
const read = (...input: string[]) => readInputs({ input }, declared);

describe('inputs of a run', () => {
  test('are read by their declared type', () => {
    expect(
      read('text=12', 'count=12', 'ratio=1.5', 'on=true', 'list=[1,"a"]', 'map={"a":1}'),
    ).toEqual({ text: '12', count: 12, ratio: 1.5, on: true, list: [1, 'a'], map: { a: 1 } });
  });

  test('keep further equals signs and empty values', () => {
    expect(read('text=a=b=c')).toEqual({ text: 'a=b=c' });
    expect(read('text=')).toEqual({ text: '' });
  });

  test('without a declared type are JSON if they parse, else text', () => {
    expect(read('any=[1]')).toEqual({ any: [1] });
    expect(read('any=hello')).toEqual({ any: 'hello' });
  });

  test.each([
    ['count=1.5', 'must be an integer, but "1.5" is not'],
    ['count=', 'must be an integer, but "" is not'],
    ['on=yes', 'must be a boolean, but "yes" is not'],
    ['list={}', 'must be an array, but "{}" is not'],
    ['map=[]', 'must be an object, but "[]" is not'],
    ['ratio="1"', 'must be a number, but'],
    ['count=9007199254740993', 'cannot be kept exactly as a number'],
    ['ratio=1e400', '1e400 is larger than any number'],
    ['other=9007199254740993', 'cannot be kept exactly as a number'],
    ['list=[1, 9007199254740993]', '--input list: [1]: 9007199254740993 cannot be kept'],
    ['text', 'has no value'],
    ['=1', 'has no value'],
  ])('%s is wrong use', (pair, message) => {
    expect(() => read(pair)).toThrow(
      expect.objectContaining({ exit: 2, message: expect.stringContaining(message) }),
    );
  });

  test('--input wins over --inputs, which may be a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mission-inputs-'));
    const file = join(folder, 'inputs.json');
    writeFileSync(file, '{"text": "file", "count": 1}');
    expect(readInputs({ inputs: `@${file}`, input: ['count=2'] }, declared)).toEqual({
      text: 'file',
      count: 2,
    });
    rmSync(folder, { recursive: true });
  });

  test.each(['{', '[1]', '"x"', '@/no/such/file', '{"a": 9007199254740993}'])(
    '--inputs %s is wrong use',
    (inputs) => {
      expect(() => readInputs({ inputs }, declared)).toThrow(expect.objectContaining({ exit: 2 }));
    },
  );
});

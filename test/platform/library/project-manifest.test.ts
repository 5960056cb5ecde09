import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readProjectManifest } from '../../../src/platform/library/project-manifest.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mission-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string) => {
  writeFileSync(join(folder, 'count.yaml'), text);
  return readProjectManifest(join(folder, 'count.py'));
};

describe('the manifest of a script', () => {
  it('declares inputs as directives do', async () => {
    const text =
      'description: Counts.\ninputs:\n  text: { type: string }\n  most: { type: integer, default: 5 }';
    expect(await read(text)).toEqual({
      description: 'Counts.',
      inputs: {
        text: { type: 'string', required: true },
        most: { type: 'integer', default: 5, required: false },
      },
    });
    expect(await read('inputs: {}')).toEqual({ inputs: {} });
  });

  it('is absent where the file is missing or something else', async () => {
    expect(await readProjectManifest(join(folder, 'other.js'))).toBeUndefined();
    const others = [
      '',
      'a: 1',
      '- inputs: 1',
      'just words',
      `inputs: ${'['.repeat(2_000)}`,
      `inputs: {}\n${'#'.repeat(70_000)}`,
    ];
    for (const text of others) expect(await read(text)).toBeUndefined();
  });

  it.each([
    ['inputs: [a]', 'inputs: Invalid input: expected record'],
    ['inputs: { a: { type: text } }', 'inputs.a.type: Invalid option'],
    ['inputs: { a: { typ: string } }', 'inputs.a: Unrecognized key: "typ"'],
    ['inputs: {}\nname: x', 'Unrecognized key: "name"'],
    ['inputs: {}\ndescription: ""', 'description: is empty'],
    ['inputs: { a: 1', 'is invalid: '],
    [
      'inputs:\n  a: { default: 9007199254740993 }',
      'line 2: 9007199254740993 cannot be kept exactly as a number; write it as text',
    ],
  ])('that is faulty is refused: %j', async (text, words) => {
    const refused = read(text);
    await expect(refused).rejects.toMatchObject({ code: 'config_invalid', retryable: false });
    await expect(refused).rejects.toThrow(join(folder, 'count.yaml'));
    await expect(refused).rejects.toThrow(words);
  });
});

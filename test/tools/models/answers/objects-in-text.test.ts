import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { objectsInText as found } from '../../../../src/tools/models/answers/objects-in-text.js';

const objectsInText = (text: string) => found(text).map(({ object }) => object);
const FENCE = '```';

describe('the object in an answer', () => {
  it.each([
    ['alone', '{"n": 4}'],
    ['between white space', '\n {"n": 4}\n'],
    ['in a fence', `${FENCE}json\n{"n": 4}\n${FENCE}`],
    ['in a fence of capital letters', `${FENCE}JSON\n{"n": 4}\n${FENCE}`],
    ['in a fence without a name', `${FENCE}\n{"n": 4}\n${FENCE}`],
    ['in a fence without an end', `${FENCE}json\n{"n": 4}\n`],
    [
      'in a fence with words around it',
      `Here:\n\n${FENCE}json\n{"n": 4}\n${FENCE}\nMore? {"n": 1}`,
    ],
    ['in prose', 'The result is {"n": 4}. Tell me if that helps.'],
    ['behind braces that are no JSON', 'The set {1, 2} and {name} give [see below]: {"n": 4}'],
    ['behind a brace that stays open', 'An { and a " too: {"n": 4}'],
    ['behind a draft', 'At first {"n": 1}, but then {"n": 4}'],
    ['behind thoughts', '<think>\nperhaps {"n": 1}\n</think>\n\n{"n": 4}'],
    [
      'behind thoughts by other names',
      '<Thinking>{"n": 1}</Thinking>[THINK]{"n": 2}[/THINK]{"n": 4}',
    ],
    ['behind thoughts in the middle', 'Well. <think>{"n": 1}</think> So {"n": 4}'],
    ['behind thoughts whose beginning is missing', 'perhaps {"n": 1}\n</think>\n{"n": 4}'],
    ['before thoughts', '{"n": 4} <think>or {"n": 1}?</think>'],
    ['behind code', `${FENCE}python\nx = {"n": 1}\n${FENCE}\nThat gives {"n": 4}`],
    ['beside an empty one', '{"n": 4}'],
  ])('stands %s', (_, text) => {
    expect(objectsInText(text)[0]).toEqual({ n: 4 });
  });

  it.each(['', '4', '[{"n": 1}]', '{n: 4}', '{"n": 4', '<think>{"n": 4}', 'null', '{1, 2}'])(
    'is not in %j',
    (text) => expect(objectsInText(text)).toEqual([]),
  );

  it('may hold what looks like thoughts, fences and objects', () => {
    const whole = {
      a: '<think>{"n": 1}',
      b: `${FENCE}json\n{"n": 2}`,
      c: '</think> "{',
      d: '\\"}',
    };
    expect(objectsInText(`so: ${JSON.stringify(whole)}`)).toEqual([whole]);
  });

  it('is found whatever it holds, and whatever stands around it', () => {
    const prose = fc.stringMatching(/^[a-z {},.]{0,40}$/);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.json()), prose, prose, (value, before, after) => {
        const found = objectsInText(`${before} ${JSON.stringify(value)} ${after}`);
        expect(found).toContainEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is looked for in bounded time', () => {
    const started = Date.now();
    expect(objectsInText('{['.repeat(100_000))).toEqual([]);
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

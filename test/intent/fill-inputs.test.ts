import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { answerFor, fillInputs } from '../../src/intent/fill-inputs.js';
import { fact } from './facts.js';

const NOW = new Date('2026-12-01T10:00:00Z');
const job = fact('move_thing', 'Moves a thing', {
  service: { type: 'string', required: true },
  zone: { type: 'string', enum: ['north', 'south'], required: true },
  count: { type: 'integer' },
  force: { type: 'boolean' },
  tags: { type: 'array' },
  day: { type: 'string', format: 'date' },
});
const filled = (sentence: string) => fillInputs(sentence, job, NOW);

describe('a sentence gives', () => {
  test.each<[string, object]>([
    ['move the auth service north', { service: 'auth', zone: 'north' }],
    ['move service=auth zone=south count=3', { service: 'auth', zone: 'south', count: 3 }],
    ['move service "my own one"', { service: 'my own one' }],
    ['move with count 5', { count: 5 }],
    ['move it with force', { force: true }],
    ['move it without force', { force: false }],
    ['move it tomorrow', { day: '2026-12-02' }],
    ['move it on 2026-05-01', { day: '2026-05-01' }],
    ['move with tags red, green and blue', { tags: ['red', 'green', 'blue'] }],
    ['move to the suoth', { zone: 'south' }],
  ])('%s', (sentence, inputs) => {
    expect(filled(sentence)).toMatchObject(inputs);
  });
});

test('two choices at once are none', () => {
  expect(filled('move from north to south')).not.toHaveProperty('zone');
});

test('the answer to a question is its value', () => {
  const [service, zone, count, force] = job.inputs;
  expect(answerFor('the auth service', service!, NOW)).toBe('auth');
  expect(answerFor('it is auth, please', service!, NOW)).toBe('auth');
  expect(answerFor('South please', zone!, NOW)).toBe('south');
  expect(answerFor('elsewhere', zone!, NOW)).toBeUndefined();
  expect(answerFor('make it 7', count!, NOW)).toBe(7);
  expect(answerFor('many', count!, NOW)).toBeUndefined();
  expect(answerFor('yes', force!, NOW)).toBe(true);
  expect(answerFor('no', force!, NOW)).toBe(false);
});

test('no sentence makes it fail, and values have the type of their input', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (sentence) => {
      const { count, force, tags } = filled(sentence);
      expect(['undefined', 'number', 'string']).toContain(typeof count);
      expect(['undefined', 'boolean', 'string']).toContain(typeof force);
      expect(tags === undefined || Array.isArray(tags)).toBe(true);
    }),
  );
});

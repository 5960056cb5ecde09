import { expect, test } from '@jest/globals';
import { readSpec } from '../../../src/automations/definition/read-spec.js';

test('everything that is wrong is told at once', () => {
  const definition = {
    name: 'a',
    directive_name: '',
    trigger_type: 'schedule',
    gap: 'jump',
    jitter_seconds: 'much',
  };
  expect(() => readSpec(definition)).toThrow(
    'The automation is not valid: directive_name: is empty; gap: must be end, skip; jitter_seconds: must be a number of seconds.',
  );
});

test.each([
  [{ trigger_type: 'event' }, 'event: is missing'],
  [{ trigger_type: 'event', event: 'a b' }, 'must be the name of an event'],
  [{ trigger_type: 'alert', match: { kind: 7 } }, 'kind must be a text'],
  [{ trigger_type: 'alert', days: 'both' }, 'days: belongs to trigger_type: schedule'],
  [{ trigger_type: 'schedule', schedule: '0 0 * * *', match: { x: 1 } }, 'match: belongs to'],
  [{ trigger_type: 'schedule', schedule: '0 0 1 * MON' }, 'days: either'],
])('%j is refused', (keys, words) => {
  expect(() => readSpec({ name: 'a', directive_name: 'd', ...keys })).toThrow(words);
});

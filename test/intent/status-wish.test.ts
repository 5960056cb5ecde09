import { expect, test } from '@jest/globals';
import { statusWish } from '../../src/intent/status-wish.js';

test.each<[string, object | undefined]>([
  ['what failed last night?', { about: '', failed: true, since: '16h', why: false }],
  ['what is running?', { about: '', failed: false, why: false }],
  ['why did the backup fail?', { about: 'backup', failed: true, why: true }],
  ['what failed in the last 3 hours', { about: '', failed: true, since: '3h', why: false }],
  ['what ran in the last 2 days', { about: '', failed: false, since: '48h', why: false }],
  ['did the backup finish?', { about: 'backup', failed: false, why: false }],
  ['status of nightly_report', { about: 'nightly_report', failed: false, why: false }],
  ['deploy the failing service', undefined],
  ['list directives', undefined],
])('%s', (text, expected) => {
  expect(statusWish(text)).toEqual(expected && { kind: 'status', ...expected });
});

import { expect, test } from '@jest/globals';
import { readSpec } from '../../../src/automations/definition/read-spec.js';
import { matchesAlert, matchesEvent } from '../../../src/automations/firing/match.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';

const onAlert = (match: JsonObject) =>
  readSpec({ name: 'a', directive_name: 'report', trigger_type: 'alert', match });
const onEvent = (match: JsonObject) =>
  readSpec({ name: 'a', directive_name: 'report', trigger_type: 'event', event: 'paid', match });

const ALERT = { kind: 'mcp_down', severity: 'critical', subject: 'mcp:files' };

test.each([
  [{}, true],
  [{ kind: 'mcp_down' }, true],
  [{ kind: 'mcp_*' }, true],
  [{ kind: '*' }, true],
  [{ kind: 'mcp' }, false],
  [{ target: 'mcp:*' }, true],
  [{ target: '*:fi*s' }, true],
  [{ target: '*:fi*x*' }, false],
  [{ target: 'mcp:files*files' }, false],
  [{ severity: 'warning' }, false],
  [{ kind: 'mcp_*', severity: 'critical', target: 'mcp:files' }, true],
])('an alert and %j: %s', (match, met) => {
  expect(matchesAlert(onAlert(match), ALERT)).toBe(met);
});

test.each([
  [{}, true],
  [{ region: 'eu' }, true],
  [{ region: 'us' }, false],
  [{ order: { id: 7 } }, true],
  [{ order: { id: '7' } }, false],
  [{ tags: ['b'] }, true],
  [{ tags: ['c'] }, false],
  [{ toString: 'x' }, false],
])('an event and %j: %s', (match, met) => {
  const data = { region: 'eu', order: { id: 7, sum: 1 }, tags: ['a', 'b'] };
  expect(matchesEvent(onEvent(match), { name: 'paid', data })).toBe(met);
  expect(matchesEvent(onEvent(match), { name: 'sent', data })).toBe(false);
});

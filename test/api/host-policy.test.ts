import { expect, test } from '@jest/globals';
import { HostPolicy } from '../../src/api/http/host-policy.js';

const local = new HostPolicy('127.0.0.1');
const everywhere = new HostPolicy('0.0.0.0');
const named = new HostPolicy('mission.example');

test.each([
  [local, 'localhost:4000', true],
  [local, '127.0.0.1', true],
  [local, '[::1]:4000', true],
  [local, '10.0.0.5:4000', false],
  [local, 'api:4000', false],
  [local, 'localhost.attacker.example', false],
  [local, '127.0.0.1.attacker.example', false],
  [local, '', false],
  [local, undefined, false],
  [everywhere, 'api:4000', true],
  [everywhere, '10.0.0.5:4000', true],
  [everywhere, 'attacker.example', false],
  [named, 'mission.example:4000', true],
  [named, 'MISSION.example', true],
  [named, 'other.example', false],
])('%p: %s', (policy, host, allowed) => {
  expect(policy.allowsHost(host)).toBe(allowed);
});

test.each([
  [undefined, true],
  ['http://localhost:5173', true],
  ['https://attacker.example', false],
  ['null', false],
  ['file://', false],
])('origin %s', (origin, allowed) => {
  expect(local.allowsOrigin(origin)).toBe(allowed);
});

import { expect, test } from '@jest/globals';
import { HostPolicy } from '../../../src/api/shared/host-policy.js';

const policy = (boundTo: string, allowedHosts: string[] = [], allowedOrigins: string[] = []) =>
  new HostPolicy({ boundTo, allowedHosts, allowedOrigins });
const local = policy('127.0.0.1');
const everywhere = policy('0.0.0.0');
const named = policy('mission.example');
const listed = policy('127.0.0.1', ['Mission.example', 'dev.example:8443', '[fd00::1]:4000']);

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
  [local, 'localhost.:4000', true],
  // Another port is what a tunnel or a published port of a container shows.
  [local, 'localhost:9000', true],
  // Not written as browsers write it, though a lenient parser would read a loopback name.
  [local, 'someone@127.0.0.1', false],
  [local, '127.0.0.1/path', false],
  [local, '127.0.0.1:4000:4000', false],
  [local, '2130706433', false],
  [local, 'localhost:', false],
  [listed, 'mission.example', true],
  [listed, 'MISSION.EXAMPLE:443', true],
  [listed, 'mission.example.:443', true],
  [listed, 'sub.mission.example', false],
  [listed, 'dev.example:8443', true],
  [listed, 'dev.example', false],
  [listed, 'dev.example:443', false],
  [listed, '[fd00::1]:4000', true],
  [listed, '[fd00::1]:4001', false],
])('%p: %s', (policy, host, allowed) => {
  expect(policy.allowsHost(host)).toBe(allowed);
});

test.each([
  [undefined, true],
  ['', true],
  ['10.0.0.5:4000', true],
  ['[fd00::2]:4000', true],
  ['mission_api', true],
  ['localhost', true],
  ['attacker.example', false],
  ['10.0.0.5.attacker.example', false],
])('a probe for %s', (host, allowed) => {
  expect(local.allowsProbe(host)).toBe(allowed);
});

test('an origin of the operator’s, or a page that we serve under a name of the operator’s', () => {
  const pages = policy('127.0.0.1', ['mission.example'], ['https://app.example']);
  expect(pages.allowsOrigin('https://app.example')).toBe(true);
  expect(pages.allowsOrigin('http://app.example')).toBe(false);
  expect(pages.allowsOrigin('https://app.example:8443')).toBe(false);
  expect(pages.allowsOrigin('https://mission.example')).toBe(true);
  expect(pages.isListed('https://mission.example')).toBe(false);
});

test('a refusal says what to set', () => {
  expect(local.refusal({ host: 'attacker.example' })?.message).toMatch(
    /^Host attacker\.example .*api\.allowed_hosts in mission\.yaml/,
  );
  const origin = local.refusal({ host: 'localhost', origin: 'https://app.example' });
  expect(origin?.message).toMatch(/^Origin https:\/\/app\.example .*api\.allowed_origins/);
  expect(local.refusal({ host: 'localhost' })).toBeUndefined();
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

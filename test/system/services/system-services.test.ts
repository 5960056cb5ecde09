import { expect, test } from '@jest/globals';
import { grantServices, type Services } from '../../../src/system/services/system-services.js';

const SERVICES = {
  mcps: {},
  gateway: {},
  logs: {},
  activity: {},
  statistics: {},
  retention: {},
  kernel: {},
  caller: () => Promise.reject(new Error('nobody')),
} as unknown as Services;

test.each([
  ['mcps', 'read:mcps'],
  ['logs', 'write:logs'],
  ['activity', 'read:threads'],
  ['statistics', 'read:executions'],
  ['retention', 'delete:logs'],
] as const)('%s needs %s', (name, right) => {
  expect(grantServices(SERVICES, [right])[name]()).toBe(SERVICES[name]);
  expect(grantServices(SERVICES, null)[name]()).toBe(SERVICES[name]);
  expect(() => grantServices(SERVICES, ['read:nothing'])[name]()).toThrow(`needs "${right}"`);
});

test('a right may be bounded to one server', () => {
  const services = grantServices(SERVICES, ['execute:mcp_gateway:files', 'read:mcps:files']);
  expect(services.gateway('files')).toBe(SERVICES.gateway);
  expect(() => services.gateway('other')).toThrow('execute:mcp_gateway:other');
  expect(services.mayRead('files')).toBe(true);
  expect(services.mayRead('other')).toBe(false);
});

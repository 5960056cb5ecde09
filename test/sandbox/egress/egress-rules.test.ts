import { describe, expect, test } from '@jest/globals';
import { allowsAddress, namesTarget } from '../../../src/sandbox/egress/egress-rules.js';

const scopes = (hosts: string[], blocked: string[] = []) => ({ hosts, blocked });

describe('which hosts scopes name', () => {
  test.each([
    ['api.example.com', 'api.example.com', 443, true],
    ['api.example.com', 'API.example.com', 80, true],
    ['api.example.com:443', 'api.example.com', 80, false],
    ['*.example.com', 'a.b.example.com', 443, true],
    ['*.example.com', 'example.com', 443, false],
    ['*.example.com', 'example.com.evil.org', 443, false],
    ['example.com', 'notexample.com', 443, false],
    ['**', 'anything.org', 1, true],
    ['10.0.0.7:8*', '10.0.0.7', 8080, true],
    ['[::1]:80', '::1', 80, true],
    ['::1', '::1', 80, true],
    ['2001:db8::1', '2001:db8::2', 80, false],
  ])('%s names %s:%d: %s', (scope, host, port, named) => {
    expect(namesTarget(scopes([scope]), { host, port })).toBe(named);
  });

  test('a block wins, also by address', () => {
    const rules = scopes(['**'], ['*.internal', '203.0.113.7']);
    expect(namesTarget(rules, { host: 'db.internal', port: 1 })).toBe(false);
    const target = { host: 'example.com', port: 443 };
    expect(namesTarget(rules, target)).toBe(true);
    expect(allowsAddress(rules, target, '203.0.113.7')).toBe(false);
    expect(allowsAddress(rules, target, '203.0.113.8')).toBe(true);
  });
});

describe('at which addresses a host may lie', () => {
  test.each([
    // scope, host, address, allowed
    ['**', 'example.com', '93.184.216.34', true],
    ['**', 'evil.example', '127.0.0.1', false],
    ['evil.example', 'evil.example', '127.0.0.1', false],
    ['evil.example', 'evil.example', '169.254.169.254', false],
    ['**', '169.254.169.254', '169.254.169.254', false],
    ['evil.example', 'evil.example', '::1', false],
    ['evil.example', 'evil.example', '::ffff:127.0.0.1', false],
    ['evil.example', 'evil.example', '64:ff9b::7f00:1', false],
    ['evil.example', 'evil.example', '0.0.0.0', false],
    ['**', 'db.corp', '10.1.2.3', false],
    ['*.corp', 'db.corp', '10.1.2.3', false],
    ['db.corp:5432', 'db.corp', '10.1.2.3', true],
    ['db.corp', 'db.corp', 'fd00::1', true],
    ['*.corp', 'db.corp', 'fd00::1', false],
    ['127.0.0.1:5432', '127.0.0.1', '127.0.0.1', true],
    ['localhost:5432', 'localhost', '127.0.0.1', true],
    ['127.*', '127.0.0.1', '127.0.0.1', false],
  ])('%s lets %s lie at %s: %s', (scope, host, address, allowed) => {
    expect(allowsAddress(scopes([scope]), { host, port: 5432 }, address)).toBe(allowed);
  });
});

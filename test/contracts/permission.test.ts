import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isHostScope } from '../../src/contracts/host-scope.js';
import { globMatches, narrow, parsePermission, permits } from '../../src/contracts/permission.js';

describe('permissions', () => {
  it('are taken apart', () => {
    expect(parsePermission('read:filesystem:data/**')).toEqual({
      verb: 'read',
      resource: 'filesystem',
      scope: 'data/**',
    });
    expect(parsePermission('execute:network:example.org:443')?.scope).toBe('example.org:443');
    for (const tag of ['read', 'raed:logs', 'read:', 'read:Logs', 'read:logs:']) {
      expect(parsePermission(tag)).toBeUndefined();
    }
  });

  const cases: [string[], string, boolean][] = [
    [['read:logs'], 'read:logs', true],
    [['read:logs'], 'write:logs', false],
    [['read:logs'], 'read:threads', false],
    [[], 'read:logs', false],
    [['read:*'], 'read:logs', true],
    [['execute:mcp_gateway'], 'execute:mcp_gateway:files', true],
    [['execute:mcp_gateway:files'], 'execute:mcp_gateway', true],
    [['execute:mcp_gateway:files'], 'execute:mcp_gateway:other', false],
    [['execute:mcp_gateway:f*'], 'execute:mcp_gateway:files', true],
    [['execute:mcp_gateway', 'deny:mcp_gateway:files'], 'execute:mcp_gateway:files', false],
    [['execute:mcp_gateway', 'deny:mcp_gateway:files'], 'execute:mcp_gateway:other', true],
    [['execute:mcp_gateway', 'deny:mcp_gateway:files'], 'execute:mcp_gateway', true],
    [['read:logs', 'deny:*'], 'read:logs', false],
    [['execute:mcp_gateway', 'deny:mcp_gateway:?rod'], 'execute:mcp_gateway:prod', false],
    [['execute:*'], 'execute:mcp_gateway:prod', true],
    [['execute:mcp_gateway:a?c'], 'execute:mcp_gateway:abc', true],
    [['execute:mcp_gateway:files', 'deny:mcp_gateway:f*'], 'execute:mcp_gateway', false],
    [['execute:mcp_gateway', 'deny:mcp_gateway:**'], 'execute:mcp_gateway', false],
    [['execute:mcp_gateway:*', 'deny:mcp_gateway:f*'], 'execute:mcp_gateway', true],
    [['nonsense'], 'read:logs', false],
    [['read:logs'], 'nonsense', false],
  ];
  it.each(cases)('%j permits %s: %s', (tags, right, allowed) => {
    expect(permits(tags, right)).toBe(allowed);
  });

  it('are everything where there are none', () => {
    expect(permits(null, 'read:logs')).toBe(true);
  });

  const hosts: [string, boolean][] = [
    ['api.example.com', true],
    ['*.example.com:443', true],
    ['127.0.0.1:8*', true],
    ['[::1]:80', true],
    ['fe80::1', true],
    ['**', true],
    ['https://api.example.com/x', false],
    ['api.example.com/x', false],
    ['api.example.com:https', false],
    ['api.example.com:', false],
    ['me@example.com', false],
    ['10.0.0.0/8', false],
    ['', false],
  ];
  it.each(hosts)('the network scope %j can name a host: %s', (text, can) => {
    expect(isHostScope(text)).toBe(can);
  });

  const globs: [string, string, boolean][] = [
    ['*.txt', 'a.txt', true],
    ['*.txt', 'd/a.txt', false],
    ['**/*.txt', 'd/e/a.txt', true],
    ['data/**', 'data/a/b', true],
    ['data/**', 'data', false],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a]', 'a', false],
    ['', '', true],
    ['**', '', true],
  ];
  it.each(globs)('%s matches %s: %s', (glob, text, matches) => {
    expect(globMatches(glob, text)).toBe(matches);
  });

  it('matches hostile globs in time', () => {
    expect(globMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(5_000))).toBe(false);
  });

  const meetings: [string[] | null, string[] | null, string[] | null][] = [
    [null, null, null],
    [null, ['read:logs'], ['read:logs']],
    [['read:logs'], null, ['read:logs']],
    [['read:logs'], [], []],
    [['read:logs'], ['read:logs', 'write:logs'], ['read:logs']],
    [['read:*'], ['read:logs', 'write:logs'], ['read:logs']],
    [['read:logs'], ['read:*'], ['read:logs']],
    [['execute:mcp_gateway:files'], ['execute:mcp_gateway'], ['execute:mcp_gateway:files']],
    [['execute:mcp_gateway:f*'], ['execute:mcp_gateway:files'], ['execute:mcp_gateway:files']],
    [['write:filesystem:data/**'], ['write:filesystem:data/in/*'], ['write:filesystem:data/in/*']],
    [['write:filesystem:data/*'], ['write:filesystem:data/**'], ['write:filesystem:data/*']],
    [['write:filesystem:data/*'], ['write:filesystem:data/*/*'], []],
    [['write:filesystem:a/**'], ['write:filesystem:b/**'], []],
    [['read:logs', 'deny:logs:x'], ['read:logs'], ['read:logs', 'deny:logs:x']],
    [['read:logs'], ['read:logs', 'deny:secrets'], ['read:logs', 'deny:secrets']],
  ];
  it.each(meetings)('narrow(%j, %j) = %j', (outer, inner, expected) => {
    expect(narrow(outer, inner)).toEqual(expected);
  });

  const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 5 });
  const tag = fc
    .tuple(
      fc.constantFrom('read', 'write', 'deny'),
      fc.constantFrom('*', 'logs', 'mcps'),
      fc.option(word, { nil: '' }),
    )
    .map(([verb, resource, scope]) => `${verb}:${resource}${scope && `:${scope}`}`);
  const tags = fc.array(tag, { maxLength: 4 });
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 5 });

  it('of two lists together grant nothing that one of them does not', () => {
    fc.assert(
      fc.property(tags, tags, name, (outer, inner, target) => {
        const right = `read:logs:${target}`;
        if (!permits(narrow(outer, inner), right)) return;
        expect([permits(outer, right), permits(inner, right)]).toEqual([true, true]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('that refuse a resource as such grant no use of it', () => {
    fc.assert(
      fc.property(tags, name, (held, target) => {
        if (permits(held, 'read:logs')) return;
        expect(permits(held, `read:logs:${target}`)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});

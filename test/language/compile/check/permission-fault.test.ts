import { describe, expect, it, test } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parsePermission } from '../../../../src/contracts/permission.js';
import { permissionFault } from '../../../../src/language/compile/check/permission-fault.js';
import { loadScriptManifests } from '../../../../src/platform/library/script-manifests.js';

const ROOT = join(import.meta.dirname, '../../../..');
const manifests = await loadScriptManifests(join(ROOT, 'directives/scripts'));
const rights = [...manifests.values()].flatMap((each) => each.rights);
const faultOf = (tag: string) => permissionFault(parsePermission(tag)!, rights);

describe('a permission that opens nothing is an error, with the nearest right name', () => {
  test.each([
    ['write:file:reports', 'did you mean "write:filesystem:reports"?'],
    ['deny:files:keys/**', 'did you mean "deny:filesystem:keys/**"?'],
    ['read:filesytem', 'did you mean "read:filesystem"?'],
    ['execute:mcp', 'did you mean "execute:mcp_gateway"?'],
    ['execute:mcp_server:files', 'did you mean "execute:mcp_gateway:files"?'],
    ['read:mcp', 'did you mean "read:mcps"?'],
    ['write:mcp_gateway:files', 'did you mean "execute:mcp_gateway:files"?'],
    ['execute:filesystem', 'did you mean "read:filesystem"?'],
    ['delete:network', 'did you mean "read:network"?'],
    ['read:http:https://api.example.com/x', 'did you mean "read:network:api.example.com"?'],
    ['execute:model:fast', 'did you mean "execute:models:fast"?'],
    ['read:models', 'did you mean "execute:models"?'],
    ['execute:event', 'did you mean "write:events"?'],
    ['execute:secret:token', 'did you mean "read:secrets:token"?'],
    ['write:directives', 'did you mean "execute:directives"?'],
    ['write:log', 'did you mean "write:logs"?'],
    ['write:logs:errors', 'write "write:logs"'],
    [
      'read:network:https://api.example.com:8443/x',
      'write the host, not an address: "read:network:api.example.com:8443"',
    ],
    [
      'read:network:api.example.com/x',
      'write the host, not an address: "read:network:api.example.com"',
    ],
    ['deny:network:http://10.0.0.1', 'write the host, not an address: "deny:network:10.0.0.1"'],
    ['read:network:example.com:https', 'write it like "read:network:api.example.com:443"'],
    ['execute:mcp_gateway:files/read_file', 'write only the name: "execute:mcp_gateway:files"'],
    ['execute:directives:notify@^1.0', 'write only the name: "execute:directives:notify"'],
    ['read:secrets:secret://token', 'write only the name: "read:secrets:token"'],
    ['execute:models:GPT 5', 'write it like "execute:models:fast"'],
  ])('%s: %s', (tag, hint) => {
    expect(faultOf(tag)).toMatchObject({ code: 'invalid_permission', hint });
  });
});

describe('what a script may ask for one day is a warning', () => {
  test.each([
    ['read:weather', 'remove it; the resources are filesystem, network,'],
    ['execute:scripts', 'remove it: scripts need no permission to run'],
    ['read:knowledge', 'did you mean "write:knowledge"?'],
  ])('%s: %s', (tag, hint) => {
    expect(faultOf(tag)).toMatchObject({
      code: 'unknown_permission',
      hint: expect.stringContaining(hint),
    });
  });
});

describe('what opens or denies something is no fault', () => {
  it.each([
    'read:*',
    'deny:*',
    'execute:*:x',
    'write:filesystem:a b/*.md',
    'read:filesystem',
    'delete:filesystem:*.tmp',
    'execute:network:[::1]:443',
    'deny:network',
    'deny:secrets:git*',
    'execute:mcp_gateway:my-files?',
    'write:events:order.*',
    'read:directives',
    'deny:logs',
  ])('%s', (tag) => {
    expect(faultOf(tag)).toBeUndefined();
  });

  it('every right of a system script, every permission of a directive that is shipped', () => {
    const files = globSync('{directives,examples/*/.ai/directives}/{,*/}*.yaml', { cwd: ROOT });
    const tags = files.flatMap(
      (file) => (parse(readFileSync(join(ROOT, file), 'utf8')).permissions ?? []) as string[],
    );
    expect(tags.length).toBeGreaterThan(5);
    expect([...rights, ...tags].filter((tag) => faultOf(tag))).toEqual([]);
  });

  it('where no script is known, at most a warning', () => {
    expect(permissionFault(parsePermission('read:threads')!, [])?.code).toBe('unknown_permission');
  });
});

import { expect, test } from '@jest/globals';
import { compile, directive, findings } from './directive.js';

const metadata = (permissions: string) =>
  directive({
    metadata: `<description>d</description><permissions>${permissions}<execute resource="kiwi-mcp"/></permissions>`,
  });
const tags = (permissions: string) => compile(metadata(permissions)).plan!.permissions;

test('tags of the format are our permissions', () => {
  expect(tags('<read resource="filesystem" path="docs/**"/>')).toEqual([
    'read:filesystem:docs/**',
    'execute:kernel',
    'execute:models',
  ]);
  expect(tags('<write resource="filesystem" path="**/*"/>')![0]).toBe('write:filesystem');
  expect(tags('<execute resource="mcp" name="files, mail"/>')!.slice(0, 2)).toEqual([
    'execute:mcp_gateway:files',
    'execute:mcp_gateway:mail',
  ]);
  expect(tags('<execute resource="kiwi-mcp" action="search"/>')![0]).toBe('execute:kernel:search');
  expect(tags('<deny resource="filesystem" path="secret/**"/>')![0]).toBe(
    'deny:filesystem:secret/**',
  );
  expect(tags('<read resource="env" var="HOME"/>')![0]).toBe('execute:kernel');
});

test('what is no permission is told, with the nearest one', () => {
  expect(findings(metadata('<reed resource="filesystem"/>'))[0]).toContain(
    'invalid_permission <reed> is no permission',
  );
  expect(findings(metadata('<read/>'))[0]).toContain('missing_key <read> has no resource');
  expect(findings(metadata('<read resource="filesytem"/>'))[0]).toContain(
    'there is no resource "filesytem"',
  );
  expect(findings(directive({ metadata: '<description>d</description>' }))[0]).toContain(
    'missing_key the directive has no permission',
  );
});

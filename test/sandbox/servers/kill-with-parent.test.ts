import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { killWithParent } from '../../../src/sandbox/servers/kill-with-parent.js';
import { isAlive, until } from '../../tools/mcp/gateway-fixture.js';

const PARENT = `
  const child = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { detached: true });
  child.once('spawn', () => process.stdout.write(String(child.pid)));
`;

it('takes a child down with its parent, even when that is killed and the child ignores its input', async () => {
  const [command, args] = killWithParent('sleep', ['300']);
  const parent = spawn(process.execPath, ['-e', PARENT, '--', command, ...args]);
  const pid = Number(String((await once(parent.stdout, 'data'))[0]));
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await until(() => !isAlive(pid));
});

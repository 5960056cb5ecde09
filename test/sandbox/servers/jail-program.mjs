/** A worker in small, to be killed: starts a jailed server of the project that it is given, and nothing else. */
import '../../support/from-source.mjs';
import { join } from 'node:path';

const { probeJail } = await import('../../../src/sandbox/bubblewrap/probe-jail.ts');
const { ServerJail } = await import('../../../src/sandbox/servers/server-jail.ts');

const [, , project, home, ...args] = process.argv;
const { way } = await probeJail(project);
const kept = { confidential: [home], closed: [], onBreach: () => undefined };
const jail = new ServerJail({ way, project, scratchRoot: join(home, 'scratch'), ...kept });
const server = { transport: 'stdio', command: process.execPath, args, env: {}, cwd: project };
jail.start({ ...server, permissions: ['read:network:example.com'] });
setInterval(() => undefined, 1000);

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditRecord, Recorder } from '../../src/observation/record.js';
import { loadConfig } from '../../src/platform/config/config.js';
import type { JailProbe } from '../../src/sandbox/bubblewrap/jail-method.js';
import type { Logger } from '../../src/platform/logger.js';
import { openServers } from '../../src/workers/open-servers.js';

const home = mkdtempSync(join(tmpdir(), 'mission-open-servers-'));
beforeAll(() =>
  writeFileSync(
    join(home, 'mission.yaml'),
    'mcp_servers:\n  free: { command: x }\n  bound: { command: x, permissions: [] }\n',
  ),
);
afterAll(() => rmSync(home, { recursive: true }));

const MISSING: JailProbe = { reason: 'bubblewrap is not installed', hint: 'Install it' };
const THERE: JailProbe = { way: { kind: 'user', bwrap: '/bin/bwrap', prlimit: '/bin/prlimit' } };
const FREE = { transport: 'stdio', command: 'x', args: [], env: {}, cwd: home };

/** What the servers are then, what is logged and audited, and why a jailed one is refused. */
async function open(trust: 'local' | 'jailed' | 'none', probe: JailProbe) {
  const config = loadConfig({ MISSION_HOME: home, MISSION_PROJECT: home });
  const logged: string[] = [];
  const audited: AuditRecord[] = [];
  const warn = (_: unknown, text: string): void => void logged.push(text);
  const recorder: Pick<Recorder, 'audit'> = {
    audit: async (record) => void audited.push(record as AuditRecord),
  };
  const witness = { recorder, logger: { warn } as unknown as Logger, workerId: 'w' };
  const scripts = { ...config.scripts, trust };
  const opened = await openServers({ ...config, scripts }, witness, async () => probe);
  const { servers, jail, close } = opened;
  await close();
  let refusal: string | undefined;
  try {
    jail?.start(servers['bound'] as never);
  } catch (error) {
    refusal = (error as Error).message;
  }
  return { servers, logged, audited, refusal };
}

test('with a jail servers keep their permissions, and nothing is said', async () => {
  expect(await open('local', THERE)).toMatchObject({
    servers: { free: FREE, bound: { ...FREE, permissions: [] } },
    logged: [],
    audited: [],
    refusal: 'the worker is stopping',
  });
});

test('without one they run, loudly and on the record', async () => {
  const { servers, logged, audited, refusal } = await open('local', MISSING);
  expect(servers).toEqual({ free: FREE, bound: FREE });
  expect(refusal).toBeUndefined();
  expect(logged).toEqual([
    'MCP servers with permissions (bound) run WITHOUT A SANDBOX, with all rights of this worker',
  ]);
  expect(audited).toEqual([
    {
      actor: 'system',
      action: 'mcp.no_jail',
      target: 'worker:w',
      data: { servers: ['bound'], reason: 'bubblewrap is not installed', refused: false },
    },
  ]);
});

test.each(['jailed', 'none'] as const)('or do not run, with scripts.trust: %s', async (trust) => {
  const { servers, logged, audited, refusal } = await open(trust, MISSING);
  expect(servers).toMatchObject({ free: FREE, bound: { permissions: [] } });
  expect(refusal).toBe(
    `mission.yaml says scripts.trust: ${trust}, and bubblewrap is not installed`,
  );
  expect(logged).toEqual(['MCP servers with permissions (bound) are not run']);
  expect(audited).toEqual([expect.objectContaining({ action: 'mcp.no_jail' })]);
});

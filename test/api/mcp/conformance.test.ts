import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { serverKey } from '../../../src/platform/database/server-key.js';
import { callStates } from '../../../src/api/mcp/runs/request-state.js';
import { type TestApi, withApi } from '../support.js';
import { suiteExtension } from './suite.js';
import { keyedProxy } from './keyed-proxy.js';

const SUITE = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';
const EXPECTED = join('test', 'api', 'mcp');

let api: TestApi;
let proxy: Awaited<ReturnType<typeof keyedProxy>>;
let states: ReturnType<typeof callStates>;
withApi((given) => void (api = given), { mcpExtension: suiteExtension(() => states as never) });
beforeAll(async () => {
  states = callStates(await serverKey(api.dataSource, 'mcp.request_state'));
  proxy = await keyedProxy(api.url, api.key);
});
afterAll(() => proxy.close());

/** The suite's exit code and words. An expected failure that passes fails the suite as well, so the list only shrinks. */
const suite = (revision: string) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    const expected = join(EXPECTED, `expected-failures-${revision}.yaml`);
    const args = [
      SUITE,
      'server',
      '--url',
      proxy.url,
      '--requirements',
      revision,
      '--expected-failures',
      expected,
    ];
    execFile(process.execPath, args, { timeout: 120_000 }, (error, stdout, stderr) =>
      resolve({ code: (error?.code as number | undefined) ?? 0, said: stdout + stderr }),
    );
  });

test.each(['2025-11-25', '2026-07-28'])(
  'the official suite of %s finds only the failures that are listed',
  async (revision) => {
    const { code, said } = await suite(revision);
    if (code !== 0) process.stdout.write(said.slice(-6_000));
    expect(code).toBe(0);
  },
  150_000,
);

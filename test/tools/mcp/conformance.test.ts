import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { compiled } from '../../support/compiled.js';

const HERE = join('test', 'tools', 'mcp');
const SUITE = 'node_modules/@modelcontextprotocol/conformance/dist/index.js';

/** The suite's exit code and words for our client. An expected failure that passes is a failure as well. */
async function suite(revision: string): Promise<{ code: number; said: string }> {
  const client = join(HERE, 'servers/suite-client.mjs');
  const command = `${process.execPath} ${client} ${await compiled()}`;
  const expected = join(HERE, `expected-failures-${revision}.yaml`);
  const args = [SUITE, 'client', '--command', command, '--requirements', revision];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...args, '--expected-failures', expected],
      { timeout: 120_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => resolve({ code: (error?.code as number | undefined) ?? 0, said: stdout }),
    );
  });
}

test.each(['2025-11-25', '2026-07-28'])(
  'the official suite of %s finds only the failures of our client that are listed',
  async (revision) => {
    const { code, said } = await suite(revision);
    if (code !== 0) process.stdout.write(said.slice(-6_000));
    expect(code).toBe(0);
  },
  150_000,
);

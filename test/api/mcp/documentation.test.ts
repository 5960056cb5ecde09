import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../support.js';
import { writeGreet } from './runs-by-hand.js';

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/mcp.md'), 'utf8');
const snippets = (language: string) =>
  [...PAGE.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

let api: TestApi;
withApi((given) => void (api = given));
beforeAll(() => writeGreet(api));

/** What a program of the page prints, run as a file of its own. */
async function printed(command: string, file: string, text: string): Promise<string> {
  const folder = mkdtempSync(join(ROOT, 'dist/snippet-'));
  writeFileSync(join(folder, file), text);
  const env = { ...process.env, MISSION_URL: api.url, MISSION_API_KEY: api.key };
  try {
    return (await promisify(execFile)(command, [join(folder, file)], { env })).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hasPythonClient(): boolean {
  try {
    execFileSync('python3', ['-c', 'from mcp import Client; import httpx2'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('docs/mcp.md', () => {
  test('its configurations are JSON, and start or call what there is', () => {
    const [stdio, http] = snippets('json').map((text) => JSON.parse(text));
    const { args } = stdio.mcpServers['mission-control'];
    expect(args[0].endsWith('bin/mission.mjs')).toBe(true);
    expect(args.slice(1)).toEqual(['mcp', 'serve']);
    expect(http.servers['mission-control'].url).toMatch(/:4000\/mcp$/);
  });

  test('its JavaScript runs', async () => {
    expect(await printed(process.execPath, 'client.mjs', snippets('js')[0]!)).toContain('greet');
  });

  (hasPythonClient() ? test : test.skip)('its Python runs (needs pip install mcp)', async () => {
    expect(await printed('python3', 'client.py', snippets('python')[0]!)).toContain('greet');
  });
});

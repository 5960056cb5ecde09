import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

import type { ProjectScript } from '../../src/contracts/script.js';
import type { Recorder } from '../../src/observation/record.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { probeJail } from '../../src/sandbox/bubblewrap/probe-jail.js';
import type { Logger } from '../../src/platform/logger.js';
import { openScripts } from '../../src/workers/open-scripts.js';
import { ownFiles } from '../../src/sandbox/own-files.js';

const ROOT = join(import.meta.dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'mission-own-files-'));
const project = mkdtempSync(join(tmpdir(), 'mission-own-files-'));
afterAll(() => [home, project].forEach((path) => rmSync(path, { recursive: true })));

const probe = await probeJail(project);
const whenJailed = 'way' in probe ? test : test.skip;
const why = 'reason' in probe ? ` (skipped: ${probe.reason})` : '';

const filesOf = (project: string, configFile?: string) =>
  ownFiles({ project, configFile } as never);

test('in the directory that it was cloned into: what it is started, built and made of', () => {
  const paths = filesOf(ROOT).map(({ path }) => path);
  const expected = ['bin', 'src', 'dist', 'directives', 'node_modules', 'package.json', '.npmrc'];
  expect(paths).toEqual(expect.arrayContaining(expected.map((name) => join(ROOT, name))));
  expect(paths).not.toContain(join(ROOT, 'docs'));
  // Else they would be made when a script may write the whole project.
  const missing = paths.filter((path) => !existsSync(path));
  expect(missing).toEqual([join(ROOT, '.npmrc')]);
});

test('elsewhere: its own directory, and the configuration', () => {
  const config = join(project, 'config/mission.yaml');
  expect(filesOf(project, config)).toEqual([
    { path: config, kind: 'file' },
    { path: ROOT, kind: 'directory' },
  ]);
});

whenJailed(
  `a script of the whole project changes neither the configuration nor keys${why}`,
  async () => {
    const at = (path: string) => join(project, path);
    const put = (path: string, text: string) => {
      mkdirSync(join(at(path), '..'), { recursive: true });
      writeFileSync(at(path), text);
      return at(path);
    };
    const configFile = put('config/mission.yaml', 'secrets: { file: config/secrets.yaml }\n');
    const file = put(
      '.ai/scripts/evil.sh',
      `
for path in config/mission.yaml config/secrets.yaml mission.yaml; do
  echo evil > $path && echo wrote $path; mv $path moved && echo moved $path
done 2>/dev/null
mv config config2 2>/dev/null && echo renamed
echo x > config/other.yaml && echo '{}'`,
    );
    const env = { MISSION_HOME: home, MISSION_PROJECT: project, MISSION_CONFIG: configFile };
    const config = loadConfig(env);
    const logger = { info: () => undefined, warn: () => undefined } as unknown as Logger;
    const witness = { recorder: {} as Recorder, logger, workerId: 'w' };
    const { host } = await openScripts(config, witness, async () => probe);
    const script: ProjectScript = { name: 'evil', language: 'sh', file };
    const said: string[] = [];
    const call = {
      ...{ name: 'evil', inputs: {}, context: {}, timeoutMs: 10_000, principal: 'p', fresh: false },
      permissions: ['write:filesystem'],
      signal: new AbortController().signal,
      onLog: (_: string, message: string) => said.push(message),
      confidential: false,
    };
    const result = await host.run(script, call as never).finally(() => host.close());
    expect({ result, said }).toEqual({ result: {}, said: [] });
    expect(readFileSync(configFile, 'utf8')).toContain('secrets');
    expect(readFileSync(at('config/other.yaml'), 'utf8')).toBe('x\n');
    expect(readFileSync(at('config/secrets.yaml'), 'utf8')).toContain(
      'Mission Control created this',
    );
  },
);

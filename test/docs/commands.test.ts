import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Instance, ROOT } from '../support/instance.js';
import { blocksOf, PAGES } from './page.js';
import { failingLines, printedTexts, sessionOf, withoutBlanks } from './shell-session.js';

/** Made of the commands themselves, with made-up names: test/cli/documentation reads its examples. */
const REFERENCE = 'docs/cli.md';
const hasCommands = (page: string) =>
  page !== REFERENCE &&
  blocksOf(page).some(({ language, notRun }) => language === 'sh' && notRun === undefined);

let instance: Instance;
/** A clone of the repository as the README has it, with the instance's project as its example. */
let clone: string;
let home: string;

beforeAll(async () => {
  instance = await Instance.create({});
  cpSync(join(ROOT, 'examples/invoices'), instance.project, { recursive: true });
  const file = join(instance.project, 'mission.yaml');
  const servers = readFileSync(file, 'utf8').replace('../../node_modules', `${ROOT}/node_modules`);
  writeFileSync(file, servers);
  symlinkSync(join(ROOT, 'node_modules'), join(instance.project, 'node_modules'));
  clone = join(instance.home, 'clone');
  home = join(instance.home, 'user');
  mkdirSync(join(clone, 'examples'), { recursive: true });
  mkdirSync(home);
  symlinkSync(join(ROOT, 'bin'), join(clone, 'bin'));
  symlinkSync(instance.project, join(clone, 'examples/invoices'));
  symlinkSync(instance.project, join(home, 'my-project'));
  symlinkSync(instance.home, join(home, '.mission-control'));
  await instance.up();
}, 120_000);
afterAll(() => instance.remove());

/** Runs a page in one shell; answers with the commands that failed, by the page's own lines. */
async function run(
  page: string,
): Promise<{ failed: { line: number; exit: number }[]; said: string }> {
  const directory = page === 'README.md' ? clone : instance.project;
  const failures = join(instance.home, 'failures');
  const script = join(instance.home, 'page.sh');
  writeFileSync(failures, '');
  writeFileSync(script, sessionOf(page));
  const trap = `trap 'echo "$LINENO $?" >>${failures}' ERR; cd ${directory}; . ${script}`;
  const env = {
    ...instance.variables,
    HOME: home,
    MISSION_API: instance.addresses.api,
    TOKEN: 'a-token-of-this-test',
    PATH: `${ROOT}/bin:${process.env['PATH']}`,
  };
  const { stdout, stderr } = await promisify(execFile)('bash', ['-Ec', trap], { env });
  const failed = readFileSync(failures, 'utf8').trim().split('\n').filter(Boolean);
  const numbers = failed.map((each) => each.split(' ').map(Number) as [number, number]);
  return { failed: numbers.map(([line, exit]) => ({ line, exit })), said: stdout + stderr };
}

describe('commands of the pages', () => {
  it.each(PAGES.filter(hasCommands))(
    '%s',
    async (page) => {
      const { failed, said } = await run(page);
      const lines = failed.map(({ line }) => line);
      expect({ lines, said }).toEqual({ lines: failingLines(page), said });
      const printed = withoutBlanks(said);
      expect(printedTexts(page).filter((text) => !printed.includes(text))).toEqual([]);
    },
    90_000,
  );
});

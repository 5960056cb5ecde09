import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../../contracts/catalog.js';
import { type Approvers, approversNow } from '../client/approvers.js';
import { checkFile, type Check, type CheckedFile } from '../project/checked-file.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { printFindings } from '../project/findings.js';
import { usualPlaces } from '../testing/test-files.js';
import { ProjectContexts } from '../project/project-context.js';

/**
 * `mission lint [FILE|DIR]…`: validation and style rules. Fails on an error or
 * a warning.
 */
export const lint: Handler = async (session, named) => {
  const places = named.length > 0 ? named : await usualPlaces(session);
  const files = (await Promise.all(places.map(filesOf))).flat();
  if (files.length === 0) {
    throw new CliError(
      EXIT.usage,
      'not_found',
      'there are no directives here',
      'name files or folders',
    );
  }
  const shops = new ProjectContexts(session);
  const checked: CheckedFile[] = [];
  let approvers: ReturnType<typeof approversNow> | undefined;
  const directives = checkDirective(() => (approvers ??= approversNow(session)));
  for (const file of files) {
    const check = isTest(file) ? checkTests : directives;
    checked.push(await checkFile(session, await shops.of(file), file, check));
  }
  printFindings(session, checked);
  const found = checked.flatMap(({ diagnostics }) => diagnostics);
  return found.some(({ severity }) => severity !== 'info') ? EXIT.failed : EXIT.done;
};

const isTest = (file: string): boolean => /\.test\.ya?ml$/.test(file);

async function filesOf(path: string): Promise<string[]> {
  const known = path === '-' ? undefined : await stat(path).catch(() => undefined);
  if (!known?.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const checkDirective =
  (approvers: () => Promise<Approvers | undefined>): Check =>
  async ({ catalog }, source) => {
    const { lintDirective } = await import('../../language/lint/lint.js');
    const asks = /\bapprove\b/.test(source);
    const known = asks ? await approvers() : undefined;
    const all = known ? { ...catalog, approvers: known } : catalog;
    return lintDirective(source, all, (name) => scriptText(catalog, name));
  };

function scriptText({ projectScripts }: Catalog, name: string): string | undefined {
  const file = projectScripts.get(name)?.file;
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Checks only the syntax of test files; `mission test` runs them. */
const checkTests: Check = async (_shop, source) => {
  const { Report } = await import('../../language/parse/report.js');
  const { readTests } = await import('../testing/test-file.js');
  const report = new Report(source.replace(/^\ufeff/, ''));
  readTests(report);
  return { diagnostics: report.sorted() };
};

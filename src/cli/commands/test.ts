import { readFile } from 'node:fs/promises';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import type { FileResult, TestResult } from '../testing/suite.js';
import { testFiles, usualPlaces } from '../testing/test-files.js';
import { renderDiagnostic } from '../render/diagnostic.js';
import { renderTest } from '../testing/render-suite.js';
import type { Session } from '../client/session.js';
import { ProjectContexts } from '../project/project-context.js';

/** `mission test [FILE|DIR]…`: runs tests of directives, without a server and without effects. */
export const test: Handler = async (session, named, { filter }) => {
  const files = await testFiles(named.length > 0 ? named : await usualPlaces(session));
  if (files.length === 0) {
    const hint = 'tests are files named NAME.test.yaml, in .ai/tests or next to their directive';
    throw new CliError(EXIT.usage, 'not_found', 'there are no tests here', hint);
  }
  const { runTestFile } = await import('../testing/suite.js');
  const shops = new ProjectContexts(session);
  const results: FileResult[] = [];
  for (const file of files) {
    const source = await readFile(file, 'utf8');
    const shop = await shops.of(file);
    results.push(await runTestFile(shop, file, source, String(filter ?? '').toLowerCase()));
    if (!session.json) tell(session, results.at(-1)!);
  }
  return finish(session, results);
};

function tell(session: Session, { file, source, diagnostics, tests }: FileResult): void {
  for (const each of diagnostics) {
    session.note(renderDiagnostic(file, source, each, session.io.err));
  }
  if (tests.length === 0) return;
  session.tell([session.paint('bold', file), ...tests.map(rendered(session, file))].join('\n'));
}

const rendered = (session: Session, file: string) => (each: TestResult) =>
  renderTest(each, file, session.io.out);

const isGood = ({ failures }: TestResult): boolean => failures.length === 0;

function finish(session: Session, results: FileResult[]) {
  const tests = results.flatMap((each) => each.tests);
  const passed = tests.filter(isGood).length;
  const failed = tests.length - passed;
  const broken = results.filter(({ diagnostics }) =>
    diagnostics.some(({ severity }) => severity === 'error'),
  ).length;
  if (!session.json && tests.length === 0 && broken === 0) {
    session.note('no test has a name that contains that text');
  }
  session.result(
    {
      files: results.map(({ source: _, ...each }) => ({ ...each, tests: each.tests.map(toJson) })),
      passed,
      failed,
    },
    () =>
      [`${passed} passed`, `${failed} failed`, ...(broken ? [`${broken} unreadable`] : [])].join(
        ', ',
      ),
  );
  if (tests.length === 0 && broken === 0) return EXIT.usage;
  return failed + broken > 0 ? EXIT.failed : EXIT.done;
}

const toJson = (each: TestResult) => ({ ...each, passed: isGood(each) });

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import type { Plan } from '../../contracts/plan.js';
import { compileDirective } from '../../language/compile/compile.js';
import { didYouMean } from '../../language/text/nearest.js';
import { Report } from '../../language/parse/report.js';
import { stepPositions } from '../../language/plan/steps/step-positions.js';
import { withHooks } from '../../language/plan/steps/with-hooks.js';
import type { ProjectContext } from '../project/project-context.js';
import { NotGiven } from './stubs.js';
import { runWithStubs } from './run-with-stubs.js';
import { readTests, type TestCase } from './test-file.js';
import { testedBy } from './test-files.js';
import { type Failure, checkExpectations } from './expectations.js';

/** The result of one test. */
export interface TestResult {
  name: string;
  line: number;
  failures: Failure[];
  duration_ms: number;
}

/** The result of one test file. */
export interface FileResult {
  file: string;
  source: string;
  /**
   * Problems of the file itself; none of its tests has run if there are errors.
   */
  diagnostics: Diagnostic[];
  tests: TestResult[];
}

/** Runs the tests of one file whose names contain the filter. */
export async function runTestFile(
  shop: ProjectContext,
  file: string,
  source: string,
  filter: string,
): Promise<FileResult> {
  const report = new Report(source.replace(/^\ufeff/, ''));
  const cases = readTests(report).filter(({ name }) => name.toLowerCase().includes(filter));
  const tests: TestResult[] = [];
  if (!report.failed) {
    for (const test of cases) tests.push(await runTest(shop, file, report, test));
  }
  return { file, source, diagnostics: report.sorted(), tests };
}

async function runTest(
  shop: ProjectContext,
  file: string,
  report: Report,
  test: TestCase,
): Promise<TestResult> {
  const started = performance.now();
  const failures = await failuresOf(shop, file, report, test);
  const { name, line } = test;
  return { name, line, failures, duration_ms: Math.round(performance.now() - started) };
}

async function failuresOf(
  shop: ProjectContext,
  file: string,
  report: Report,
  test: TestCase,
): Promise<Failure[]> {
  const { line } = test;
  const plan = await planOf(shop, file, test);
  if (typeof plan === 'string') return [{ line, message: plan }];
  const unknown = unknownNames(plan, report, test);
  if (unknown.length > 0) return unknown;
  try {
    return checkExpectations(await runWithStubs(plan, test.given), test.expect, line);
  } catch (thrown) {
    if (thrown instanceof NotGiven) return [{ line, message: thrown.message }];
    throw thrown;
  }
}

/** The plan of the tested directive, or the reason why there is none. */
async function planOf({ library, catalog }: ProjectContext, file: string, test: TestCase) {
  const name = test.directive ?? testedBy(file);
  const isPath = /[\\/]|\.ya?ml$/.test(name);
  const path = isPath ? resolve(dirname(file), name) : undefined;
  const text = path
    ? await readFile(path, 'utf8').catch(() => undefined)
    : (await library.directive(name))?.text;
  if (text === undefined) {
    const known = (await library.directives()).map((each) => each.name);
    const hint = didYouMean(name, known) ?? 'name the directive with "directive:"';
    return `there is no directive ${name} (${hint})`;
  }
  const { plan, diagnostics } = compileDirective(text, catalog);
  const [error] = diagnostics.filter(({ severity }) => severity === 'error');
  return plan ?? `${name} is not valid: line ${error!.line}: ${error!.message}`;
}

/**
 * Reports names that no step has: a stub or an expectation for them would have
 * no effect.
 */
function unknownNames(plan: Plan, report: Report, { names }: TestCase): Failure[] {
  const positions = [...stepPositions(withHooks(plan)).values()];
  const known = [...new Set(positions.map(({ steps, index }) => steps[index]!.name))];
  return names
    .filter(({ name }) => !known.includes(name))
    .map(({ name, at }) => {
      const hint = didYouMean(name, known) ?? `it has ${known.join(', ')}`;
      const message = `${plan.name} has no step ${name} (${hint})`;
      return { line: report.line(at.offset), message };
    });
}

import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { diff } from './diff.js';
import type { TestedRun, TestedStep } from './tested-run.js';
import { type Expectation, stepName } from './test-file.js';

/** An expectation of a test that the run did not meet. */
export interface Failure {
  /** Line in the test file. */
  line: number;
  message: string;
  expected?: Json;
  got?: Json;
  /** The lines in which the expected and the actual value differ. */
  diff?: string[];
}

/** Compares a run with the expectations of a test. */
export function checkExpectations(
  run: TestedRun,
  expect: readonly Expectation[],
  line: number,
): Failure[] {
  const { error } = run.outcome;
  const wanted = expect.some(({ what }) => what === 'error');
  const failed =
    error && !wanted
      ? [{ line, message: `the run failed${at(error.step)}: ${error.code}: ${error.message}` }]
      : [];
  const undo = run.undoFailed.map((step) => ({
    line,
    message: `the compensation of ${step} failed`,
  }));
  return [...failed, ...undo, ...expect.flatMap((each) => compare(run, each))];
}

const at = (step: string | undefined): string => (step === undefined ? '' : ` at ${step}`);

function compare(run: TestedRun, { what, step, value, line }: Expectation): Failure[] {
  const got = gotOf(run, what, step, value);
  if (got === undefined || isDeepStrictEqual(plain(value), plain(got))) return [];
  const message = `${what}${step === undefined ? '' : ` of ${step}`}`;
  return [{ line, message, expected: value, got, diff: diff(value, got) }];
}

/**
 * The actual value in the form of the expectation; undefined where the run's
 * error is reported instead.
 */
function gotOf(
  run: TestedRun,
  what: Expectation['what'],
  step: string | undefined,
  expected: Json,
): Json | undefined {
  switch (what) {
    case 'result':
      return run.outcome.error ? undefined : (run.outcome.result ?? null);
    case 'error':
      return errorOf(run, expected);
    case 'path':
      return pathOf(run.steps, expected as string[]);
    case 'calls':
      return callsOf(run, step!, expected);
    case 'steps':
      return statusOf(run, step!);
    case 'events':
      return run.emitted as unknown as Json;
    case 'questions':
      return run.questions.map((question, index) =>
        like((expected as Json[])[index], question as never),
      );
  }
}

function errorOf({ outcome }: TestedRun, expected: Json): Json {
  const { error } = outcome;
  if (!error) return { success: outcome.result ?? null };
  return typeof expected === 'string' ? error.code : like(expected, error as unknown as JsonObject);
}

/** Reduces an object to the keys that are expected. */
const like = (expected: Json | undefined, got: JsonObject): Json =>
  isObject(expected ?? null)
    ? Object.fromEntries(Object.keys(expected as JsonObject).map((key) => [key, got[key] ?? null]))
    : got;

/**
 * The names of the executed steps. Generated names (kind and position) are
 * listed only if the test expects one of them.
 */
function pathOf(steps: readonly TestedStep[], expected: string[]): Json {
  const asked = new Set(expected.map(stepName));
  return steps
    .filter(({ status }) => status !== 'skipped')
    .filter(({ step, kind }) => asked.has(step) || !new RegExp(`^${kind}_\\d+$`).test(step))
    .map((each) => labelOf(each.step, each));
}

const labelOf = (step: string, { iteration }: StepPlace): string =>
  iteration === '' ? step : `${step}[${iteration}]`;

function callsOf({ calls }: TestedRun, step: string, expected: Json): Json {
  const made = calls.filter((call) => call.step === step || labelOf(call.step, call) === step);
  return typeof expected === 'number' ? made.length : made.map(({ inputs }) => inputs);
}

/**
 * The status of a step; for a step in a loop, without an iteration, that of the
 * last one.
 */
function statusOf({ steps }: TestedRun, step: string): Json {
  const found = steps.findLast((each) => each.step === step || labelOf(each.step, each) === step);
  return found ? (found.status ?? 'cancelled') : 'not reached';
}

const plain = (value: Json): unknown => JSON.parse(JSON.stringify(value));

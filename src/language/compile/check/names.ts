import { FUNCTIONS } from '../../expression/functions/functions.js';
import { didYouMean } from '../../text/nearest.js';
import type { Span } from '../../parse/tree.js';
import type { Place } from './context.js';
import { mayHave } from './result-fields.js';

const ROOTS = ['inputs', 'result', 'steps', 'run'];
const RUN_FIELDS = ['id', 'directive', 'trigger', 'actor', 'attempt', 'started_at'];
const STEP_FIELDS = ['name', 'kind', 'path', 'attempt'];
const ERROR_FIELDS = ['code', 'message', 'step', 'attempt', 'data'];

/** Reports a path in an expression that cannot refer to anything at its place. */
export function checkReference(place: Place, path: readonly string[], at: () => Span): void {
  const [root, field] = path as [string, string?];
  if (root === 'inputs') return checkInput(place, field, at);
  if (root === 'steps') return checkStep(place, field, at);
  if (root === 'run') return checkField(place, 'run', RUN_FIELDS, field, at);
  if (root === 'result') return checkResult(place, field, at);
  if (place.scope.hasLocal(root)) {
    const known = root === 'error' ? ERROR_FIELDS : root === 'step' ? STEP_FIELDS : undefined;
    return known && checkField(place, root, known, field, at);
  }
  place.scope.demand(
    () => place.scope.mayProvide(root),
    () => unknownName(place, root, at),
  );
  if (field !== undefined) checkStepName(place, path, at);
}

/** Warns of `counted.words` where `counted` is a step: a bare name is a field of a result, not a step. */
function checkStepName(
  { report, scope, names }: Place,
  path: readonly string[],
  at: () => Span,
): void {
  const root = path[0]!;
  if (!names.hasStarted(root) || !scope.mayProvide(root) || scope.names().includes(root)) return;
  const message = `"${root}" is read as a field of an earlier result, not as the step "${root}"`;
  report.add('ambiguous_name', at(), message, `for the result of the step write ${stepPath(path)}`);
}

const stepPath = (path: readonly string[]) => ['steps', ...path].join('.');

function unknownName(place: Place, name: string, at: () => Span): void {
  const { report, scope, inputs, names } = place;
  const root = Object.hasOwn(inputs, name) ? 'inputs' : names.has(name) ? 'steps' : undefined;
  const hint = root
    ? `did you mean "${root}.${name}"?`
    : (didYouMean(name, [...scope.names(), ...ROOTS, 'true', 'false', 'null']) ??
      missingHint(name));
  report.add('unknown_name', at(), `the name "${name}" is not defined here`, hint);
}

function missingHint(name: string): string {
  if (name === 'item' || name === 'index') return `"${name}" exists only inside a foreach`;
  if (Object.hasOwn(FUNCTIONS, name)) return `write ${FUNCTIONS[name]!.usage}`;
  if (name === 'error') return '"error" exists only in the steps of on_error';
  return `no earlier step provides this name; if it is a text, quote it: '${name}'`;
}

function checkInput({ report, inputs }: Place, name: string | undefined, at: () => Span): void {
  if (name === undefined || Object.hasOwn(inputs, name)) return;
  const hint = didYouMean(name, Object.keys(inputs)) ?? `declare it under inputs:`;
  report.add('unknown_input', at(), `the directive has no input "${name}"`, hint);
}

function checkStep(
  { report, names, scope }: Place,
  name: string | undefined,
  at: () => Span,
): void {
  if (name === undefined) return;
  if (!names.has(name)) {
    report.add('unknown_step', at(), `there is no step "${name}"`, didYouMean(name, names.all()));
    return;
  }
  const message = `the step "${name}" runs later, so its result is null here`;
  scope.demand(
    () => names.hasStarted(name),
    () => report.add('step_not_finished', at(), message, 'move this step after it'),
  );
}

function checkField(
  { report }: Place,
  root: string,
  known: readonly string[],
  field: string | undefined,
  at: () => Span,
): void {
  if (field === undefined || known.includes(field)) return;
  const hint = didYouMean(field, known) ?? `it has ${known.join(', ')}`;
  report.add('unknown_name', at(), `"${root}" has no "${field}"`, hint);
}

function checkResult({ report, scope }: Place, field: string | undefined, at: () => Span): void {
  if (field === undefined || scope.result.known.size === 0 || mayHave(scope.result, field)) return;
  const hint =
    didYouMean(field, scope.result.known) ?? `it has ${[...scope.result.known].join(', ')}`;
  report.add('unknown_field', at(), `"result" has no "${field}" here, so it is null`, hint);
}

import { MAX_PLAN_LENGTH, PLAN_VERSION, type Plan } from '../../contracts/plan.js';
import type { Catalog } from '../../contracts/catalog.js';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import { readInputs } from './check/declared-inputs.js';
import { readConcurrency } from './check/concurrency.js';
import { Fields, readFields } from './fields/fields.js';
import { readHeader } from './check/header.js';
import { readHooks } from './steps/hooks.js';
import { readLimits } from './check/limits.js';
import { readPermissions } from './check/permissions.js';
import { readChoice } from './fields/scalars.js';
import { StaticScope } from './check/static-scope.js';
import { ERROR } from './check/types.js';
import { inputsType } from '../types/input-type.js';
import { maybe, orNull } from '../types/type.js';
import { StepNames } from './check/step-names.js';
import { DIRECTIVE, TRACES } from '../definition/header.js';
import { deepFreeze } from '../text/deep-freeze.js';
import { withShownSteps } from '../plan/approval/shown-steps.js';
import { limitViolationsOf } from '../plan/estimate/plan-least.js';
import { readDocument } from '../parse/document.js';
import { isMarkdown, readMarkdown } from '../parse/markdown/document.js';
import { Report } from '../parse/report.js';
import type { MapNode } from '../parse/tree.js';
import { buildBlock } from './steps/block.js';

/** A compiled directive with the source positions of its parts. */
export interface Compiled {
  report: Report;
  /** Absent when the text has errors. */
  plan?: Plan;
  /** Entries of the root map; absent when the text is no map. */
  fields?: Fields;
  /** The map node of each step, by its path. */
  places: Map<string, MapNode>;
}

/**
 * Reads, checks and compiles a directive. One pass finds every problem; no text makes it throw or hang.
 * @returns findings by position, and the frozen plan unless one of them is an error
 */
export function compileDirective(
  source: string,
  catalog: Catalog,
): { plan?: Plan; diagnostics: Diagnostic[] } {
  const { report, plan } = compileWithPlaces(source, catalog);
  return { ...(plan && { plan }), diagnostics: report.sorted() };
}

/** Scope options of `always`: it is unknown which steps have finished. */
const ENDING = { locals: { error: maybe(orNull(ERROR)) }, unsure: true };

/** Compiles like {@link compileDirective}, and keeps report and positions for further findings. */
export function compileWithPlaces(source: string, catalog: Catalog): Compiled {
  const report = new Report(source.replace(/^\ufeff/, ''));
  const compiled: Compiled = { report, places: new Map() };
  try {
    const markdown = isMarkdown(report.source);
    const root = markdown ? readMarkdown(report, catalog.models) : readDocument(report);
    const fields = root && readFields(report, root, DIRECTIVE, 'a directive');
    if (!fields) return compiled;
    const compiledPlan = compileFields(report, catalog, fields, compiled.places);
    const plan: Plan = markdown ? { ...compiledPlan, instructions: true } : compiledPlan;
    return { ...compiled, fields, ...(!report.failed && { plan: deepFreeze(plan) }) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.add('internal', { offset: 0 }, `the file could not be checked: ${reason}`);
    return compiled;
  }
}

function compileFields(
  report: Report,
  catalog: Catalog,
  fields: Fields,
  places: Compiled['places'],
): Plan {
  const header = readHeader(report, fields);
  const inputs = readInputs(report, fields.get('inputs'));
  const permissions = readPermissions(
    report,
    fields.get('permissions'),
    fields.node,
    [...catalog.scripts.values()].flatMap(({ rights }) => rights),
  );
  const limits = readLimits(report, fields.get('limits'), catalog.ceilings);
  const trace =
    readChoice(report, fields.get('trace'), '"trace"', TRACES) ?? DIRECTIVE.trace.default;
  const names = new StepNames(report, fields.node);
  const given = fields.get('limits');
  const bounded = given?.type === 'map' && new Fields(given).has('iterations');
  const about = { report, directive: header.name, catalog, inputs, permissions };
  const typed = { inputsType: inputsType(inputs), results: new Map(), hooked: fields.has('hooks') };
  const context = { ...about, ...typed, names, bounded, places };
  const steps = fields.get('steps');
  const scope = new StaticScope();
  const where = { path: '', scope, trace };
  const built = steps ? buildBlock(context, steps, where, '"steps"') : [];
  const last = { path: '.always', scope: new StaticScope(scope, ENDING), trace };
  const runs = { ...context, scope: new StaticScope() };
  const concurrency = readConcurrency(runs, fields.get('concurrency'));
  const hooks = readHooks(context, fields.get('hooks'), (node, place, what, ending) =>
    buildBlock({ ...context, ...(ending && { ending }) }, node, place, what),
  );
  const end = fields.get('always');
  const always = end && buildBlock({ ...context, ending: 'always' }, end, last, '"always"');
  const compiled: Plan = {
    version: PLAN_VERSION,
    ...header,
    inputs,
    permissions,
    limits,
    ...(concurrency && { concurrency }),
    trace,
    steps: built,
    ...(hooks && { hooks }),
    ...(always && { always }),
  };
  const plan = report.failed ? compiled : withShownSteps(compiled);
  checkLength(report, plan);
  if (!report.failed) checkFit(report, plan, fields);
  return plan;
}

/** Reports limits that every run would exceed. */
function checkFit(report: Report, plan: Plan, fields: Fields): void {
  const limits = fields.get('limits');
  const given = limits?.type === 'map' ? new Fields(limits) : undefined;
  for (const { limit, needs, allowed } of limitViolationsOf(plan)) {
    const at = given?.has(limit) ? given.at(limit) : fields.at('steps');
    const message = `a run needs at least ${needs} of limits.${limit}, but has ${allowed}`;
    report.add('cannot_fit', at, message, 'raise the limit, or do less in one run');
  }
}

function checkLength(report: Report, plan: Plan): void {
  const { length } = JSON.stringify(plan);
  if (length <= MAX_PLAN_LENGTH) return;
  const text = `the plan is ${length} characters long, more than ${MAX_PLAN_LENGTH}`;
  report.add('too_large', { offset: 0 }, text, 'use loops, or split the directive');
}

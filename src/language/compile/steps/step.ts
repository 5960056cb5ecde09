import type { AuthoredKind, PlanStep, StepCommon, Template } from '../../../contracts/plan.js';
import type { Context, Place } from '../check/context.js';
import { Fields } from '../fields/fields.js';
import { ANY_FIELDS, eitherOf, orNothing, type ResultFields } from '../check/result-fields.js';
import { readRetry } from '../check/retry.js';
import { readChoice, readNumber, readText, readTexts } from '../fields/scalars.js';
import { StaticScope } from '../check/static-scope.js';
import { readCondition } from '../check/template.js';
import { ERROR } from '../check/types.js';
import { references } from '../../expression/template.js';
import { ANY } from '../../types/type.js';
import { ACTIONS } from '../../definition/actions.js';
import { TRACES } from '../../definition/header.js';
import { ON_ERROR, STEP } from '../../definition/step.js';
import { specOf } from '../../plan/kinds.js';
import { describe, isNull, type Node } from '../../parse/tree.js';
import type { BlockPlace, BuildBlock, BuildStep, Built } from './base/builder.js';
import { buildApprove } from './kinds/approve.js';
import { buildConditional } from './kinds/conditional.js';
import { buildDirective } from './kinds/directive.js';
import { buildEmit } from './kinds/emit.js';
import { buildFail, buildReturn } from './kinds/ending.js';
import { buildForeach } from './kinds/foreach.js';
import { buildLlm } from './kinds/llm.js';
import { readAction } from './base/action.js';
import { buildMcp } from './kinds/mcp.js';
import { buildParallel } from './kinds/parallel.js';
import { buildScript } from './kinds/script.js';
import { buildSet } from './kinds/set.js';
import { buildWait } from './kinds/wait.js';
import { buildWhile } from './kinds/while.js';

const BUILDERS: Readonly<Record<AuthoredKind, BuildStep>> = {
  script: buildScript,
  mcp: buildMcp,
  set: buildSet,
  conditional: buildConditional,
  foreach: buildForeach,
  while: buildWhile,
  parallel: buildParallel,
  wait: buildWait,
  approve: buildApprove,
  directive: buildDirective,
  llm: buildLlm,
  emit: buildEmit,
  return: buildReturn,
  fail: buildFail,
};

/** Compiles one step and adds its possible result to the scope of its block. */
export function buildStep(
  context: Context,
  node: Node,
  where: BlockPlace,
  block: BuildBlock,
): PlanStep | undefined {
  if (node.type === 'unknown') return undefined;
  if (node.type !== 'map') {
    const hint = 'write - script: name';
    context.report.add(
      'invalid_type',
      node,
      `a step must be a map, but is ${describe(node)}`,
      hint,
    );
    return undefined;
  }
  const fields = new Fields(node);
  const action = readAction(context.report, fields);
  const rule = action === undefined ? undefined : ACTIONS[action];
  const name = context.names.next(fields.get('name'), rule?.kind ?? action ?? 'step');
  const outside = { ...context, scope: where.scope };
  const trace = readChoice(context.report, fields.get('trace'), '"trace"', TRACES) ?? where.trace;
  const common = readCommon(outside, fields, name, where.path);
  const place =
    common.if === undefined ? outside : { ...context, scope: guarded(where.scope, common.if) };
  context.places.set(common.path, node);
  const source = { place, common, fields, trace, block };
  const build = rule?.kind && BUILDERS[rule.kind];
  const built = build?.({ ...source, value: fields.get(action!)! });
  return finish(place, fields, { ...where, trace }, block, common, built);
}

/** Adds the handlers to the step, and its possible result to the scope of its block. */
function finish(
  place: Place,
  fields: Fields,
  where: BlockPlace,
  block: BuildBlock,
  common: StepCommon,
  built: Built | undefined,
): PlanStep | undefined {
  const scope = new StaticScope(place.scope, { locals: { error: ERROR } });
  const on_error = readOnError(
    place,
    fields,
    { ...where, path: `${common.path}/on_error`, scope },
    block,
  );
  const result = resultOf(place, built, on_error, scope);
  const handled = !Array.isArray(on_error) || scope.leaves;
  const sure = common.if === undefined && built?.sure !== false && handled;
  where.scope.passed(result, sure, common.name);
  place.results.set(common.name, result.type);
  const compensate = readCompensate(place, fields, where, block, common, built);
  return (
    built && { ...built.step, ...(on_error && { on_error }), ...(compensate && { compensate }) }
  );
}

/** Possible results of the step or its handlers; null is one if the step may fail and the run continues. */
function resultOf(
  { hooked }: Place,
  built: Built | undefined,
  on_error: StepCommon['on_error'],
  handlers: StaticScope,
): ResultFields {
  const own = built?.result ?? ANY_FIELDS;
  const result = eitherOf([own, handlers.outcome()]);
  if (hooked) return { ...result, type: ANY };
  return on_error === 'continue' ? orNothing(result) : result;
}

const guarded = (scope: StaticScope, condition: Template): StaticScope =>
  new StaticScope(scope, { guards: references(condition) });

/** Reads `compensate`. Its steps see the scope of their step, with the step's result as `result`. */
function readCompensate(
  place: Place,
  fields: Fields,
  where: BlockPlace,
  block: BuildBlock,
  { path }: StepCommon,
  built: Built | undefined,
): PlanStep[] | undefined {
  const node = fields.get('compensate');
  if (!node) return undefined;
  if (place.ending || (built && specOf(built.step).ends)) {
    const message = place.ending
      ? `"compensate" is not allowed in ${place.ending}`
      : `a step of kind ${built!.step.kind} cannot have a compensation`;
    place.report.add('misplaced_key', fields.at('compensate'), message, 'remove it');
    return undefined;
  }
  const scope = new StaticScope(place.scope);
  scope.passed(built?.result ?? ANY_FIELDS, true);
  return block(node, { ...where, path: `${path}/compensate`, scope }, '"compensate"', 'compensate');
}

function readOnError(
  place: Place,
  fields: Fields,
  where: BlockPlace,
  block: BuildBlock,
): StepCommon['on_error'] {
  const node = fields.get('on_error');
  if (!node) return undefined;
  if (node.type === 'map' || node.type === 'list') return block(node, where, '"on_error"');
  const choice = readChoice(place.report, node, '"on_error"', ON_ERROR);
  return choice === 'continue' ? choice : undefined;
}

function readCommon(place: Place, fields: Fields, name: string, parent: string): StepCommon {
  const { report } = place;
  const description = readText(report, fields.get('description'), '"description"');
  const condition = fields.get('if');
  const output = readTexts(report, fields.get('output'), '"output"');
  const retry = readRetry(report, fields.get('retry'));
  const timeout = readNumber(
    report,
    fields.get('timeout_seconds'),
    '"timeout_seconds"',
    STEP.timeout_seconds,
  );
  return {
    path: parent ? `${parent}/${name}` : name,
    name,
    ...(description !== undefined && { description }),
    ...(condition && !isNull(condition) && { if: readCondition(place, condition, '"if"') }),
    ...(output && { output }),
    ...(retry && { retry }),
    ...(timeout !== undefined && { timeout_seconds: timeout }),
    own: false,
    effect: false,
  };
}

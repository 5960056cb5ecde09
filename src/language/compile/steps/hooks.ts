import {
  HOOK_ANSWERS,
  HOOK_MOMENTS,
  type Hook,
  type HookMoment,
  type Hooks,
} from '../../../contracts/plan.js';
import { HOOK, HOOKS } from '../../definition/hooks.js';
import { hookPath } from '../../plan/steps/hook-path.js';
import { isNull, type Node } from '../../parse/tree.js';
import type { BuildBlock } from './base/builder.js';
import type { Context } from '../check/context.js';
import { readFields } from '../fields/fields.js';
import { ANY } from '../../types/type.js';
import { ANY_FIELDS } from '../check/result-fields.js';
import { readChoice } from '../fields/scalars.js';
import { StaticScope } from '../check/static-scope.js';
import { readCondition } from '../check/template.js';

/** Reads the key `hooks`. Hooks run at any step, so bare names in them are resolved only at run time. */
export function readHooks(
  context: Context,
  node: Node | undefined,
  block: BuildBlock,
): Hooks | undefined {
  const fields = node && readFields(context.report, node, HOOKS, '"hooks"');
  if (!fields) return undefined;
  const read = HOOK_MOMENTS.filter((moment) => fields.has(moment)).map((moment) => {
    const value = fields.get(moment)!;
    const all = value.type === 'list' ? value.items : [value];
    return [moment, all.map((each, at) => readHook(context, moment, at, each, block))] as const;
  });
  return Object.fromEntries(read.map(([moment, all]) => [moment, all.filter((each) => !!each)]));
}

function readHook(
  context: Context,
  moment: HookMoment,
  index: number,
  node: Node,
  block: BuildBlock,
): Hook | undefined {
  const { report } = context;
  const fields = readFields(report, node, HOOK, `a hook of "${moment}"`);
  if (!fields) return undefined;
  const scope = scopeOf(moment);
  const when = fields.get('when');
  const condition =
    when && !isNull(when) ? readCondition({ ...context, scope }, when, '"when"') : undefined;
  const guard = condition === undefined ? {} : { when: condition };
  const steps = fields.get('steps');
  if (fields.has('action') === fields.has('steps')) {
    const hint = 'write action: with the name of an action, or steps: that decide it';
    report.add('missing_key', node, `a hook of "${moment}" needs either "action" or "steps"`, hint);
    return undefined;
  }
  if (steps) {
    const where = { path: hookPath('.hooks', moment, index), scope, trace: 'auto' as const };
    return { ...guard, steps: block(steps, where, '"steps"', 'hooks') };
  }
  const answers = HOOK_ANSWERS[moment];
  if (answers.length === 0) {
    report.add(
      'misplaced_key',
      fields.at('action'),
      `a hook of "${moment}" takes no action`,
      'write steps:',
    );
    return undefined;
  }
  const action = readChoice(report, fields.get('action'), '"action"', answers);
  return action && { ...guard, action };
}

function scopeOf(moment: HookMoment): StaticScope {
  const error = moment === 'on_error' || moment === 'on_limit' ? ['error'] : [];
  const step = moment === 'on_limit' ? [] : ['step'];
  const names = [...step, ...error, 'item', 'index'];
  const locals = Object.fromEntries(names.map((name) => [name, ANY]));
  const scope = new StaticScope(undefined, { locals });
  scope.passed(ANY_FIELDS, false);
  return scope;
}

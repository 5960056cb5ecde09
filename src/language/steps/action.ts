import type { StepKind } from '../../contracts/plan.js';
import { notSupported, reportKey, type Fields } from '../check/fields.js';
import { didYouMean, nearest } from '../nearest.js';
import type { Report } from '../parse/report.js';
import { ACTIONS, BESIDE, COMMON_KEYS, LATER_ACTIONS, LATER_KEYS } from './keys.js';

/** What "inputs" may stand beside. */
const WITH_INPUTS: readonly StepKind[] = ['script', 'emit'];

const isAction = (key: string): boolean =>
  Object.hasOwn(ACTIONS, key) || LATER_ACTIONS.includes(key);

/** The one action of a step; anything but one, and every key that does not belong to it, is reported. */
export function readAction(report: Report, fields: Fields): string | undefined {
  const [action, ...others] = fields.keys().filter(isAction);
  if (!action) {
    reportNoAction(report, fields);
    return undefined;
  }
  for (const other of others) {
    const message = `a step does one thing, and this one has "${action}" already`;
    report.add('several_actions', fields.at(other), message, 'make two steps');
  }
  if (LATER_ACTIONS.includes(action)) notSupported(report, action, fields.at(action));
  reportKeys(report, fields, action);
  return action;
}

/** A key that is nearer to a common key than to an action is a mistake of its own. */
function reportNoAction(report: Report, fields: Fields): void {
  const common = [...COMMON_KEYS, ...LATER_KEYS, ...BESIDE.foreach!];
  const actions = [...Object.keys(ACTIONS), ...LATER_ACTIONS];
  const strange = fields.keys().filter((key) => !common.includes(key));
  const kinds = strange.filter(
    (key) => !common.includes(nearest(key, [...actions, ...common]) ?? ''),
  );
  for (const key of strange.filter((each) => !kinds.includes(each))) {
    reportKey(report, key, fields.at(key), { known: common }, 'a step');
  }
  const listed = Object.keys(ACTIONS).join(', ');
  for (const key of kinds) {
    const hint = didYouMean(key, actions) ?? `the kinds are ${listed}`;
    report.add('unknown_kind', fields.at(key), `there is no kind of step "${key}"`, hint);
  }
  if (kinds.length > 0) return;
  report.add('missing_action', fields.node, 'this step does nothing', `add one of ${listed}`);
}

function reportKeys(report: Report, fields: Fields, action: string): void {
  const beside = BESIDE[action] ?? [];
  const actions = [...Object.keys(ACTIONS), ...LATER_ACTIONS];
  const shape = { known: [...COMMON_KEYS, ...beside, ...actions], later: LATER_KEYS };
  for (const key of fields.keys()) {
    const owner = Object.keys(BESIDE).find((other) => BESIDE[other]!.includes(key));
    if (!owner || beside.includes(key)) reportKey(report, key, fields.at(key), shape, 'a step');
    else {
      const message = `"${key}" belongs to "${owner}", not to "${action}"`;
      report.add('misplaced_key', fields.at(key), message, 'remove it');
    }
  }
  if (
    fields.has('inputs') &&
    !WITH_INPUTS.includes(ACTIONS[action]!) &&
    Object.hasOwn(ACTIONS, action)
  ) {
    const hint = action === 'mcp' ? 'write them as mcp.arguments' : 'remove it';
    report.add(
      'unused_key',
      fields.at('inputs'),
      `"inputs" has no effect beside "${action}"`,
      hint,
    );
  }
}

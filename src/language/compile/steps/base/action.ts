import { foreignKeyHint } from '../../fields/foreign-keys.js';
import { reportKey, reportMissing, type Fields } from '../../fields/fields.js';
import { ACTIONS, besideOf, KNOWN_ACTIONS, ownersOf } from '../../../definition/actions.js';
import type { Keys } from '../../../definition/key.js';
import { STEP } from '../../../definition/step.js';
import { didYouMean, nearest } from '../../../text/nearest.js';
import type { Report } from '../../../parse/report.js';

const isAction = (key: string): boolean => Object.hasOwn(ACTIONS, key);

/** Keys that only some actions may have beside them. */
const BESIDE: Keys = Object.assign({}, ...Object.keys(ACTIONS).map(besideOf));
const COMMON: Keys = { ...STEP, ...BESIDE };

/** Returns the action of a step. Reports none or several actions, and keys that do not belong to the action. */
export function readAction(report: Report, fields: Fields): string | undefined {
  const [action, ...others] = fields.keys().filter(isAction);
  if (!action) {
    reportNoAction(report, fields);
    return undefined;
  }
  for (const other of others) {
    const message = `a step has one action, and this step already has "${action}"`;
    report.add('several_actions', fields.at(other), message, 'split it into two steps');
  }
  reportKeys(report, fields, action);
  return action;
}

/** Reports a step without an action. A key nearer to a common key than to an action is reported by itself. */
function reportNoAction(report: Report, fields: Fields): void {
  const [actions, common] = [Object.keys(ACTIONS), Object.keys(COMMON)];
  const unknown = fields.keys().filter((key) => !common.includes(key));
  const kinds = unknown.filter(
    (key) =>
      foreignKeyHint('a step', key) === undefined &&
      !common.includes(nearest(key, [...actions, ...common]) ?? ''),
  );
  for (const key of unknown.filter((each) => !kinds.includes(each))) {
    reportKey(report, key, fields.at(key), COMMON, 'a step');
  }
  const listed = KNOWN_ACTIONS.join(', ');
  for (const key of kinds) {
    const hint = didYouMean(key, actions) ?? `the kinds are ${listed}`;
    report.add('unknown_kind', fields.at(key), `there is no kind of step "${key}"`, hint);
  }
  if (kinds.length > 0) return;
  report.add('missing_action', fields.node, 'this step does nothing', `add one of ${listed}`);
}

function reportKeys(report: Report, fields: Fields, action: string): void {
  const beside = besideOf(action);
  const keys = { ...STEP, ...beside };
  for (const key of fields.keys().filter((each) => !isAction(each))) {
    const [owner] = Object.hasOwn(keys, key) ? [] : ownersOf(key);
    if (!owner) reportKey(report, key, fields.at(key), keys, 'a step');
    else {
      const message = `"${key}" belongs to "${owner}", not to "${action}"`;
      report.add('misplaced_key', fields.at(key), message, 'remove it');
    }
  }
  reportMissing(report, fields, beside, `a ${action}`);
  reportInputs(report, fields, action);
}

function reportInputs(report: Report, fields: Fields, action: string): void {
  const { inputs, insteadOfInputs = 'remove it' } = ACTIONS[action]!;
  if (inputs || !fields.has('inputs')) return;
  const message = `"inputs" has no effect together with "${action}"`;
  report.add('unused_key', fields.at('inputs'), message, insteadOfInputs);
}

import type { AutomationSpec } from '../../contracts/run/automation.js';
import type { DueRule } from './due-rule.js';
import { parseCron } from './parse-cron.js';

/** The rule of an automation with a schedule; undefined for any other. */
export function dueRuleOf(spec: AutomationSpec): DueRule | undefined {
  const { schedule, days, timezone: zone, gap, fold } = spec;
  return schedule === undefined ? undefined : { cron: parseCron(schedule, days), zone, gap, fold };
}

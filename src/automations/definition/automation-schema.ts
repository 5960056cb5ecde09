import { z } from 'zod';
import {
  type AutomationSpec,
  OVERLAP_POLICIES,
  PAUSE_RULES,
  TRIGGER_TYPES,
} from '../../contracts/run/automation.js';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import { SIGNAL_NAME } from '../../contracts/message.js';
import { parseTemplate } from '../../language/expression/parse-template.js';
import { checkZone } from '../schedule/due-times.js';
import { FOLD_RULES, GAP_RULES } from '../schedule/due-rule.js';
import { DAY_RULES, parseCron } from '../schedule/parse-cron.js';
import { millisecondsOf } from './duration.js';

const NAME = /^[a-z][a-z0-9_]{0,99}$/;
const MAX_SECONDS = 366 * 86_400;
/** A schedule comes again; an alert or an event does not. */
const SCHEDULE_CATCH_UP_SECONDS = 60;
const SIGNAL_CATCH_UP_SECONDS = 86_400;
const MATCH_KEYS = ['kind', 'severity', 'target'];

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values as unknown as [T[number], ...T[number][]], `must be ${values.join(', ')}`);

const seconds = z
  .number('must be a number of seconds')
  .min(0, 'must be 0 or more')
  .max(MAX_SECONDS, `must be at most ${MAX_SECONDS}`);

const json = z.record(z.string(), z.unknown(), 'must be a map') as unknown as z.ZodType<JsonObject>;

/** Turns the error of a check into an issue of the value that was checked. */
const checkedBy =
  (check: (text: string) => unknown) =>
  (text: string, context: z.RefinementCtx): void => {
    try {
      check(text);
    } catch (error) {
      if (!(error instanceof MissionError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  };

const FIELDS = z.strictObject({
  name: z
    .string('must be a text')
    .regex(NAME, 'must be 1 to 100 lower-case letters, digits and "_", beginning with a letter'),
  description: z
    .string('must be a text')
    .max(1_000, 'must have at most 1000 characters')
    .default(''),
  directive_name: z.string('must be the name of a directive').min(1, 'is empty').max(200),
  trigger_type: oneOf(TRIGGER_TYPES),
  schedule: z.string('must be a cron expression, in quotes').optional(),
  timezone: z.string('must be a text').superRefine(checkedBy(checkZone)).default('UTC'),
  gap: oneOf(GAP_RULES).default('end'),
  fold: oneOf(FOLD_RULES).default('first'),
  days: oneOf(DAY_RULES).optional(),
  except: z.array(z.string('must be the name of a calendar'), 'must be a list').default([]),
  event: z
    .string('must be a text')
    .regex(SIGNAL_NAME, 'must be the name of an event: letters, digits, "_", "-" and "."')
    .optional(),
  match: json.default({}),
  inputs: json.default({}),
  overlap: oneOf(OVERLAP_POLICIES).default('skip'),
  catch_up_seconds: seconds.optional(),
  jitter_seconds: seconds.default(0),
  while_paused: oneOf(PAUSE_RULES).default('drop'),
  expect: z
    .strictObject({
      success_within: z.string('must be a text').superRefine(checkedBy(millisecondsOf)),
    })
    .optional(),
  enabled: z.boolean('must be true or false').default(true),
});

/** The schema of the definition of an automation; absent keys get their defaults. */
export const automationSchema = FIELDS.superRefine((spec, context) => {
  for (const { key, message } of faultsOf(spec as AutomationSpec))
    context.addIssue({ code: 'custom', path: [key], message });
}).transform((spec) => ({
  ...spec,
  catch_up_seconds:
    spec.catch_up_seconds ??
    (spec.trigger_type === 'schedule' ? SCHEDULE_CATCH_UP_SECONDS : SIGNAL_CATCH_UP_SECONDS),
})) as unknown as z.ZodType<AutomationSpec>;

interface KeyFault {
  key: string;
  message: string;
}

/** Faults between keys. */
function faultsOf(spec: AutomationSpec): KeyFault[] {
  return [...triggerFaults(spec), ...templateFaults(spec.inputs)];
}

function triggerFaults({ trigger_type, schedule, days, event, match }: AutomationSpec): KeyFault[] {
  const faults: KeyFault[] = [];
  const only = (key: string, given: boolean, type: string) => {
    if (given && trigger_type !== type)
      faults.push({ key, message: `belongs to trigger_type: ${type}, not to ${trigger_type}` });
  };
  only('schedule', schedule !== undefined, 'schedule');
  only('days', days !== undefined, 'schedule');
  only('event', event !== undefined, 'event');
  if (trigger_type === 'schedule') {
    if (Object.keys(match).length > 0)
      faults.push({ key: 'match', message: 'belongs to trigger_type: alert or event' });
    faults.push(...scheduleFaults(schedule, days));
  }
  if (trigger_type === 'event' && event === undefined)
    faults.push({
      key: 'event',
      message: 'is missing: trigger_type: event needs the name of an event',
    });
  if (trigger_type === 'alert') faults.push(...alertFaults(match));
  return faults;
}

function scheduleFaults(schedule: string | undefined, days: AutomationSpec['days']): KeyFault[] {
  if (schedule === undefined)
    return [
      { key: 'schedule', message: 'is missing: trigger_type: schedule needs a cron expression' },
    ];
  try {
    parseCron(schedule, days);
    return [];
  } catch (error) {
    if (!(error instanceof MissionError)) throw error;
    return [{ key: 'schedule', message: error.message }];
  }
}

function alertFaults(match: JsonObject): KeyFault[] {
  return Object.entries(match).flatMap(([key, value]) => {
    if (!MATCH_KEYS.includes(key))
      return [
        { key: 'match', message: `has an unknown key ${key}; there are ${MATCH_KEYS.join(', ')}` },
      ];
    return typeof value === 'string' ? [] : [{ key: 'match', message: `${key} must be a text` }];
  });
}

function templateFaults(value: unknown): KeyFault[] {
  if (typeof value === 'string')
    return parseTemplate(value).errors.map(({ message }) => ({ key: 'inputs', message }));
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(templateFaults);
}

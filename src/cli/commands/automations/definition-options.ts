import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import { type InputOptions, readInputs } from '../../terminal/inputs.js';

/** Options that are keys of a definition, by the name that commander gives them. */
const KEYS: Record<string, string> = {
  directive: 'directive_name',
  description: 'description',
  schedule: 'schedule',
  timezone: 'timezone',
  days: 'days',
  gap: 'gap',
  fold: 'fold',
  event: 'event',
  overlap: 'overlap',
  except: 'except',
  whilePaused: 'while_paused',
};

/** The keys of a definition that the options give; a file is read first. */
export function definitionOf(options: Record<string, unknown>): JsonObject {
  const definition: JsonObject =
    options['file'] === undefined ? {} : readFile(String(options['file']));
  for (const [option, key] of Object.entries(KEYS))
    if (options[option] !== undefined) definition[key] = options[option] as Json;
  if (options['catchUpSeconds'] !== undefined)
    definition['catch_up_seconds'] = Number(options['catchUpSeconds']);
  if (options['jitterSeconds'] !== undefined)
    definition['jitter_seconds'] = Number(options['jitterSeconds']);
  if (options['successWithin'] !== undefined)
    definition['expect'] = { success_within: String(options['successWithin']) };
  if (options['input'] !== undefined || options['inputs'] !== undefined)
    definition['inputs'] = readInputs(options as InputOptions, {});
  const match = matchOf(options);
  if (match) definition['match'] = match;
  const type = triggerTypeOf(options);
  if (type !== undefined) definition['trigger_type'] = type;
  return definition;
}

function triggerTypeOf({ schedule, event, alert }: Record<string, unknown>): string | undefined {
  if (schedule !== undefined) return 'schedule';
  if (event !== undefined) return 'event';
  return alert !== undefined ? 'alert' : undefined;
}

function matchOf(options: Record<string, unknown>): JsonObject | undefined {
  const { alert, severity, target, match } = options as Record<string, string | undefined>;
  if (match !== undefined) return readInputs({ inputs: match }, {});
  const given = Object.entries({ kind: alert, severity, target }).filter(
    ([, text]) => text !== undefined,
  );
  return given.length === 0 ? undefined : (Object.fromEntries(given) as JsonObject);
}

function readFile(file: string): JsonObject {
  try {
    const value = parse(readFileSync(file, 'utf8')) as Json;
    if (isObject(value)) return value;
    throw new Error('it is no map');
  } catch (error) {
    throw new CliError(
      EXIT.usage,
      'input_invalid',
      `--file ${file} cannot be read as an automation: ${(error as Error).message}`,
    );
  }
}

import { MissionError } from '../contracts/errors.js';
import type { Trigger } from '../contracts/execution.js';
import type { Json, JsonObject } from '../contracts/json/json.js';
import type { InputSpec } from '../contracts/plan.js';
import { secretNameOf } from '../contracts/secret.js';

/** The triggers whose inputs were written by a person who may name secrets. */
const BY_HAND: Trigger[] = ['manual', 'rerun'];

/**
 * Checks the inputs that a re-run takes over. A re-run counts as started by hand, so references in its inputs become
 * secrets. Inputs that came with an event or from another run must not become trusted that way: the person who re-runs
 * the run must give them again.
 * @throws MissionError `permission_denied` that names the inputs
 */
export function refuseForeignSecrets(
  old: { triggered_by: Trigger; inputs: JsonObject },
  declared: Readonly<Record<string, InputSpec>>,
  given: JsonObject,
): void {
  if (BY_HAND.includes(old.triggered_by)) return;
  const foreign = Object.entries(old.inputs)
    .filter(([name]) => !Object.hasOwn(given, name) && declared[name]?.format !== 'secret')
    .filter(([, value]) => namesSecret(value))
    .map(([name]) => name);
  if (foreign.length === 0) return;
  const text = `The inputs ${foreign.join(', ')} refer to secrets and came from the trigger ${old.triggered_by}, not from a person. Give these inputs again.`;
  throw new MissionError('permission_denied', text);
}

function namesSecret(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return secretNameOf(value) !== undefined;
  return Object.values(value).some(namesSecret);
}

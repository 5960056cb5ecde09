import type { AutomationSpec } from '../../contracts/run/automation.js';
import { MissionError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';
import { automationSchema } from './automation-schema.js';

/**
 * Reads the definition of an automation from a client's data.
 * @throws MissionError `input_invalid` with everything that is wrong
 */
export function readSpec(value: Json): AutomationSpec {
  const parsed = automationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const key = path.map(String).join('.');
    const text = message.endsWith('received undefined') ? 'is missing' : message;
    return (key === '' ? text : `${key}: ${text}`).replace(/\.$/, '');
  });
  throw new MissionError('input_invalid', `The automation is not valid: ${faults.join('; ')}.`, {
    faults,
  });
}

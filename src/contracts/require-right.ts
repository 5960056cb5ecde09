import { MissionError } from './errors.js';
import { denialOf, type Permissions, permits } from './permission.js';

/** What to do where it is not known who refuses. */
export const ADVICE = 'Add it to the permissions of the directive and of those above it.';

/**
 * Throws unless the permissions grant a right.
 * @param right the right, with the name of the used thing as its scope
 * @param what subject of the error message, such as "the step that calls a tool of prod"
 * @throws MissionError `permission_denied`, not retryable, with the right in its data
 */
export function requireRight(permissions: Permissions, right: string, what: string): void {
  if (permits(permissions, right)) return;
  const denial = denialOf(permissions, right);
  const why = denial === undefined ? ADVICE : `The permission "${denial}" forbids it.`;
  const text = `${what} needs "${right}". ${why}`;
  throw new MissionError('permission_denied', text, { permission: right }, { retryable: false });
}

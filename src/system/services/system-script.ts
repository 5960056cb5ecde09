import type { JsonObject } from '../../contracts/json/json.js';
import type { ScriptCall } from '../../contracts/script.js';
import type { SystemServices } from './system-services.js';

/**
 * A system script. Its inputs are validated and complete, and its services are
 * limited to its permissions.
 */
export type SystemScript = (call: ScriptCall, services: SystemServices) => Promise<JsonObject>;

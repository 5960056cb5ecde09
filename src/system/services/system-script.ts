import type { JsonObject } from '../../contracts/json/json.js';
import type { ScriptCall } from '../../contracts/script.js';
import type { SystemServices } from './system-services.js';

/** A system script: its inputs are checked and complete, and its services are those it was granted. */
export type SystemScript = (call: ScriptCall, services: SystemServices) => Promise<JsonObject>;

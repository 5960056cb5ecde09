import type { Verb } from '../../verbs/call/verb-specs.js';
import type { SystemScript } from '../services/system-script.js';

/** The script by which a run calls a verb of the kernel, as its speaker and within its rights. */
export const verbScript =
  (verb: Verb): SystemScript =>
  async (call, services) => {
    const inputs = Object.entries(call.inputs).filter(([, value]) => value !== null);
    return services
      .kernel(verb)
      .call(verb, Object.fromEntries(inputs), await services.caller(call));
  };

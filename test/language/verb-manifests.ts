import type { ScriptManifest } from '../../src/contracts/script.js';

/** The scripts that call the kernel's verbs, as far as the compiler knows them. */
export const VERB_MANIFESTS = new Map<string, ScriptManifest>(
  ['search', 'load', 'execute', 'help'].map((verb) => [
    `kernel_${verb}`,
    {
      name: `kernel_${verb}`,
      description: verb,
      inputs: {},
      outputs: [],
      rights: ['execute:kernel'],
      available: true,
    },
  ]),
);

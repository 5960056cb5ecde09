import type { Diagnostic } from '../contracts/diagnostic.js';

/** The diagnostic of a system script that this version does not have yet; runs of such a directive are refused. */
export const notAvailable = (diagnostics: readonly Diagnostic[]): Diagnostic | undefined =>
  diagnostics.find(({ code }) => code === 'script_not_available');

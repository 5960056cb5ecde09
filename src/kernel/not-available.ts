import type { Diagnostic } from '../contracts/diagnostic.js';

/** The finding that a directive names a system script that is not there yet; its runs are refused. */
export const notAvailable = (diagnostics: readonly Diagnostic[]): Diagnostic | undefined =>
  diagnostics.find(({ code }) => code === 'script_not_available');

import type { Config } from '../../platform/config/config.js';

/** One result of a check. */
export interface Finding {
  /** Name of the checked item, such as `python3`. */
  name: string;
  /** Only `error` prevents Mission Control from working. */
  status: 'ok' | 'warning' | 'error';
  message: string;
  /** The action that resolves the problem. */
  hint?: string;
}

/** Checks one area of the machine; never throws. */
export type Check = (config: Config) => Promise<Finding[]>;

/** A finding without a problem. */
export const ok = (name: string, message: string): Finding => ({ name, status: 'ok', message });

/** A finding of a problem that limits Mission Control. */
export const warning = (name: string, message: string, hint: string): Finding => ({
  name,
  status: 'warning',
  message,
  hint,
});

/** A finding of a problem that prevents Mission Control from working. */
export const error = (name: string, message: string, hint: string): Finding => ({
  name,
  status: 'error',
  message,
  hint,
});

/** The first line of a thrown error's message. */
export const reason = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message || thrown.name : String(thrown)).split('\n')[0] ?? '';

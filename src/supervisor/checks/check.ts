import type { Config } from '../../platform/config/config.js';

/** What one look at the machine found. */
export interface Finding {
  /** What was looked at, such as `python3`. */
  name: string;
  /** Only `error` keeps Mission Control from working. */
  status: 'ok' | 'warning' | 'error';
  message: string;
  /** What to do about it. */
  hint?: string;
}

/** Looks at one thing; never throws. */
export type Check = (config: Config) => Promise<Finding[]>;

/** A finding that all is well. */
export const ok = (name: string, message: string): Finding => ({ name, status: 'ok', message });

/** A finding that something works less well. */
export const warning = (name: string, message: string, hint: string): Finding => ({
  name,
  status: 'warning',
  message,
  hint,
});

/** A finding that something does not work. */
export const error = (name: string, message: string, hint: string): Finding => ({
  name,
  status: 'error',
  message,
  hint,
});

/** The first line of what was thrown. */
export const reason = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message || thrown.name : String(thrown)).split('\n')[0] ?? '';

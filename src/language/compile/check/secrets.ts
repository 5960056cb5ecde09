import {
  SECRET_NAME,
  SECRET_RIGHT,
  SECRET_SCHEME,
  secretNameOf,
} from '../../../contracts/secret.js';
import type { Report } from '../../parse/report.js';
import type { ScalarNode } from '../../parse/tree.js';
import type { Place } from './context.js';
import { checkRight } from './permissions.js';

const SECRET_KEY = /(^|_)(password|passwd|passphrase|secret|token|credentials?)$/i;
const KEY_KEY = /(^|_|api)key$/i;
const KNOWN_PREFIX =
  /^(sk-|sk_|ghp_|gho_|github_pat_|glpat-|xox[abpr]-|AKIA|AIza|mc_)[A-Za-z0-9_-]{8}/;

/** Checks a `secret://name` in a step: its name, the right to use it, and that its place accepts secrets. */
export function checkSecretReference(place: Place, node: ScalarNode, value: string): void {
  const name = secretNameOf(value);
  if (name === undefined || !SECRET_NAME.test(name)) return;
  if (place.takesSecrets) return checkRight(place, SECRET_RIGHT, name, `"${value}"`, node);
  const hint =
    'secrets are resolved only in the inputs of a script or a directive, and in the arguments of an mcp call';
  const message = `"${value}" is not resolved here and stays a text`;
  place.report.add('secret_not_filled', node, message, hint);
}

/** Warns of a secret in plain text, and of a malformed secret reference. */
export function checkSecret(report: Report, node: ScalarNode, value: string, key: string): void {
  const name = secretNameOf(value);
  if (name !== undefined) return checkName(report, node, name);
  if (value.includes(SECRET_SCHEME)) {
    const message = 'a reference to a secret inside a longer text is not resolved';
    report.add('secret_in_text', node, message, 'make "secret://name" the whole value');
  } else if (!value.includes('{{') && looksSecret(key.slice(-64), value)) {
    const message = `the value of "${key}" looks like a secret in plain text`;
    report.add('secret_in_clear', node, message, 'use secret://name');
  }
}

function checkName(report: Report, node: ScalarNode, name: string): void {
  if (SECRET_NAME.test(name)) return;
  const hint =
    'use lower-case letters, digits and _, at most 64 characters, starting with a letter';
  const message = `"${name.slice(0, 80)}" is not a valid name for a secret`;
  report.add('invalid_secret', node, message, hint);
}

function looksSecret(key: string, value: string): boolean {
  if (KNOWN_PREFIX.test(value)) return true;
  if (/\s/.test(value) || value.length > 4096) return false;
  if (SECRET_KEY.test(key)) return value.length >= 6;
  return KEY_KEY.test(key) && value.length >= 16 && /\d/.test(value) && /[A-Za-z]/.test(value);
}

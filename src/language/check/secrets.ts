import type { Report } from '../parse/report.js';
import type { ScalarNode } from '../parse/tree.js';

const SECRET_KEY = /(^|_)(password|passwd|passphrase|secret|token|credentials?)$/i;
const KEY_KEY = /(^|_|api)key$/i;
const KNOWN_PREFIX =
  /^(sk-|sk_|ghp_|gho_|github_pat_|glpat-|xox[abpr]-|AKIA|AIza|mc_)[A-Za-z0-9_-]{8}/;

/** Warns of a secret that stands in the file. */
export function checkSecret(report: Report, node: ScalarNode, value: string, key: string): void {
  if (value.startsWith('secret://')) return;
  if (value.includes('secret://')) {
    const message = 'a secret inside text is not filled in';
    report.add('secret_in_text', node, message, 'make "secret://name" the whole value');
  } else if (!value.includes('{{') && looksSecret(key.slice(-64), value)) {
    const message = `the value of "${key}" looks like a secret in clear`;
    report.add('secret_in_clear', node, message, 'use secret://name');
  }
}

function looksSecret(key: string, value: string): boolean {
  if (KNOWN_PREFIX.test(value)) return true;
  if (/\s/.test(value) || value.length > 4096) return false;
  if (SECRET_KEY.test(key)) return value.length >= 6;
  return KEY_KEY.test(key) && value.length >= 16 && /\d/.test(value) && /[A-Za-z]/.test(value);
}

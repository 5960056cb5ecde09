import type { Report } from '../../parse/report.js';
import type { ScalarNode } from '../../parse/tree.js';

const ROOTS = 'inputs|steps|result|item|run|error';
/** Matches a whole text `${{ inputs.n }}`. Inside a longer text the dollar may belong to an amount. */
const DOLLAR_WHOLE = /^\s*\$(\{\{.*\}\})\s*$/s;
/**
 * Matches `{ inputs.n }`, `{inputs.n}`, `${inputs.n}`. Only paths match, since a lone word in braces may be anything.
 */
const ONE_BRACE = new RegExp(`(?<!\\{)\\$?\\{\\s*((?:${ROOTS})[.[][^{}]*?)\\s*\\}(?!\\})`);

/** Warns of text that looks like an expression of another workflow language; it would not be evaluated. */
export function checkForeignTemplate(report: Report, node: ScalarNode, text: string): void {
  const [, whole] = DOLLAR_WHOLE.exec(text) ?? [];
  if (whole !== undefined) {
    const message = 'the "$" before the braces stays in the text';
    report.add('foreign_template', node, message, `write "${shorten(whole)}"`);
    return;
  }
  const [found, inside] = text.includes('{') ? (ONE_BRACE.exec(text) ?? []) : [];
  if (found === undefined) return;
  const message = `"${shorten(found)}" is text: an expression has two braces on either side`;
  report.add('foreign_template', node, message, `write {{ ${shorten(inside!)} }}`);
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

/** A variable with an optional operator and its operand. */
const FORM = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])([^]*))?$/;
const FORMS = 'write ${NAME}, ${NAME:-default} or ${NAME:?message}, and $${ for a literal ${';

/** Receives the description of a text that cannot be replaced. */
type OnFault = (message: string) => void;

/**
 * Replaces variables in a text of the operator's file, with the syntax of the
 * shell: `${NAME}`, `${NAME:-default}` (unset or empty), `${NAME-default}`
 * (unset), `${NAME:?message}` and `${NAME?message}` (fault with that message).
 * A default may contain further variables. `$${` is a literal `${`; other forms
 * and an unset variable are faults.
 */
export function substitute(text: string, env: NodeJS.ProcessEnv, onFault: OnFault): string {
  const pieces: string[] = [];
  let at = 0;
  for (let next = text.indexOf('${'); next >= 0; next = text.indexOf('${', at)) {
    const escaped = next > at && text[next - 1] === '$';
    const end = escaped ? next + 2 : closeOf(text, next + 2);
    if (end === undefined) {
      onFault(`"${shown(text.slice(next))}" has no closing }; ${FORMS}`);
      break;
    }
    const inner = text.slice(next + 2, end - 1);
    pieces.push(text.slice(at, escaped ? next - 1 : next));
    pieces.push(escaped ? '${' : valueOf(inner, env, onFault));
    at = end;
  }
  return pieces.join('') + text.slice(at);
}

/**
 * The position after the closing brace, with nested braces counted; undefined
 * where it is missing.
 */
function closeOf(text: string, from: number): number | undefined {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function valueOf(inner: string, env: NodeJS.ProcessEnv, onFault: OnFault): string {
  const [, name, operator, rest = ''] = FORM.exec(inner) ?? [];
  if (name === undefined) {
    onFault(`"\${${shown(inner)}}" is not a valid reference; ${FORMS}`);
    return '';
  }
  const value = env[name];
  const isThere = value !== undefined && !(operator?.startsWith(':') && value === '');
  if (isThere) return value;
  if (operator?.endsWith('-')) return substitute(rest, env, onFault);
  const why = rest === '' ? '' : `: ${rest}`;
  onFault(`\${${name}} is ${value === '' ? 'empty' : 'not set'} in the environment${why}`);
  return '';
}

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

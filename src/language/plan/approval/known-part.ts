import { isObject } from '../../../contracts/json/json.js';
import type { Template } from '../../../contracts/plan.js';
import { parseTemplate, type Piece } from '../../expression/parse-template.js';
import { referencesOf } from '../../expression/references.js';

/** True when the path already has the value that it will have when the step runs. */
export type IsKnown = (path: readonly string[]) => boolean;

/** Functions whose value is another one at each call. */
const FLEETING = /\b(now|uuid)\b/;

/**
 * A template in which expressions that cannot be evaluated yet are a text, `‹steps.build.url›`; the others stay
 * expressions.
 */
export function knownPart(template: Template, isKnown: IsKnown): Template {
  if (typeof template === 'string') return knownText(template, isKnown);
  if (Array.isArray(template)) return template.map((item) => knownPart(item, isKnown));
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([key, value]) => [key, knownPart(value, isKnown)]);
  return Object.fromEntries(entries) as Template;
}

/** A template as its author wrote it, without anything to evaluate. */
export const asWritten = (template: Template): Template => knownPart(template, () => false);

function knownText(text: string, isKnown: IsKnown): string {
  if (!text.includes('{{')) return text;
  return parseTemplate(text)
    .pieces.map((piece) => pieceText(piece, isKnown))
    .join('');
}

function pieceText(piece: Piece, isKnown: IsKnown): string {
  if ('text' in piece) return piece.text;
  const { expression, tree } = piece;
  const evaluates =
    !FLEETING.test(expression) && referencesOf(tree).every(({ path }) => isKnown(path));
  return evaluates ? `{{${expression}}}` : `‹${expression.trim()}›`;
}

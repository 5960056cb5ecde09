import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json } from '../../contracts/json/json.js';
import type { Template } from '../../contracts/plan.js';
import { evaluateWith } from './evaluate.js';
import { Fault } from './runtime/fault.js';
import { Machine } from './runtime/machine.js';
import { parseTemplate, type Piece } from './parse-template.js';
import { referencesOf } from './references.js';
import type { EvaluationScope } from './runtime/scope.js';
import { mapValues, measure, show, text } from './runtime/values.js';

/**
 * Renders every `{{ }}` in a template. A string that is a single expression keeps the type of its value. Within text,
 * strings are inserted unchanged, null as an empty text, other values as compact JSON. Results are never rendered again,
 * so data cannot inject expressions.
 * @throws MissionError `expression_error`
 * @throws NeedsValue
 */
export function render(template: Template, scope: EvaluationScope): Json {
  const machine = new Machine(scope);
  const result = renderWith(machine, template);
  if (typeof template === 'object') guarded(() => measure(machine, result));
  return result;
}

/** Renders a condition; null is false. @throws MissionError `expression_error` for other types */
export function renderCondition(template: Template, scope: EvaluationScope): boolean {
  const machine = new Machine(scope);
  const value = machine.open(renderWith(machine, template));
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  const shown = typeof template === 'string' ? template.trim() : JSON.stringify(template);
  throw new MissionError(
    'expression_error',
    `the condition ${shown} must be true or false, but is ${show(value)}`,
  );
}

/** Static paths that a template reads. Expressions with syntax errors are left out. */
export function references(template: Template): string[][] {
  if (typeof template === 'string') return piecePaths(template);
  if (template === null || typeof template !== 'object') return [];
  return Object.values(template).flatMap(references);
}

function piecePaths(template: string): string[][] {
  const { pieces } = parseTemplate(template);
  return pieces.flatMap((piece) =>
    'tree' in piece ? referencesOf(piece.tree).map(({ path }) => path) : [],
  );
}

function renderWith(machine: Machine, template: Template): Json {
  if (typeof template === 'string') return renderText(machine, template);
  if (Array.isArray(template)) return template.map((item) => renderWith(machine, item));
  return isObject(template) ? mapValues(template, (item) => renderWith(machine, item)) : template;
}

function renderText(machine: Machine, template: string): Json {
  if (!template.includes('{{')) return template;
  const { pieces, whole, errors } = parseTemplate(template);
  if (errors[0])
    throw new MissionError('expression_error', `${errors[0].message} in ${show(template)}`);
  if (whole !== undefined) return evaluateWith(machine, whole);
  return guarded(() => {
    const rendered = pieces.map((piece) => renderPiece(machine, piece));
    machine.charge(rendered.reduce((sum, piece) => sum + piece.length, 0));
    return rendered.join('');
  });
}

const renderPiece = (machine: Machine, piece: Piece): string =>
  'text' in piece ? piece.text : text(machine, evaluateWith(machine, piece.expression));

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) throw new MissionError('expression_error', error.message);
    throw error;
  }
}

import type { ForeachStep, Template } from '../../../../contracts/plan.js';
import type { Place } from '../../check/context.js';
import { loopFields } from '../../check/result-fields.js';
import { readChoice, readNumber } from '../../fields/scalars.js';
import { StaticScope } from '../../check/static-scope.js';
import { expectTemplate, templateType } from '../../check/types.js';
import { itemsOf, NUMBER, orNull, type Type } from '../../../types/type.js';
import { isExpression, readTemplate } from '../../check/template.js';
import { parseTemplate } from '../../../expression/parse-template.js';
import { FOREACH, ITEM_ERROR } from '../../../definition/blocks.js';
import { describe, type Node } from '../../../parse/tree.js';
import type { Built, StepSource } from '../base/builder.js';

const PATH = /^\s*[A-Za-z_]\w*(\.[A-Za-z_]\w*|\[-?\d+\])*\s*$/;

/** Compiles a `foreach` step. */
export function buildForeach({ place, common, fields, value, trace, block }: StepSource): Built {
  const { report, catalog } = place;
  const items = readItems(place, value);
  const given = templateType(place, items);
  if (value.type !== 'list')
    expectTemplate(place, expressionIn(value, items), ['array', 'null'], '"foreach"');
  const locals = { item: itemsOf(given), index: NUMBER };
  const scope = new StaticScope(place.scope, { locals });
  const { concurrency, max_iterations, item_error } = FOREACH;
  const most = Math.min(concurrency.most, catalog.ceilings.concurrency);
  const lanes = readNumber(report, fields.get('concurrency'), '"concurrency"', {
    ...concurrency,
    most,
  });
  const bound = readNumber(
    report,
    fields.get('max_iterations'),
    '"max_iterations"',
    max_iterations,
  );
  checkItems(place, value, bound);
  const key = fields.get('key');
  const itemError = readChoice(report, fields.get('item_error'), '"item_error"', ITEM_ERROR);
  const step: Omit<ForeachStep, 'steps'> = {
    ...common,
    effect: true,
    kind: 'foreach',
    items,
    concurrency: lanes ?? concurrency.default,
    ...(bound !== undefined && { max_iterations: bound }),
    ...(key && { key: readTemplate({ ...place, scope }, key) }),
    item_error: itemError ?? item_error.default,
  };
  const body = fields.get('steps');
  const steps = body ? block(body, { path: common.path, scope, trace }, '"steps"') : [];
  return { step: { ...step, steps }, result: loopFields(itemsLeft(scope, step.item_error)) };
}

/** Type of the items in the loop's result. Failed items, and items whose steps were all skipped, are null. */
function itemsLeft(scope: StaticScope, itemError: ForeachStep['item_error']): Type {
  const { type } = scope.outcome();
  return itemError === 'continue' || !scope.leaves ? orNull(type) : type;
}

/** The scalar node with a bare name replaced by the expression that it abbreviates. */
const expressionIn = (node: Node, items: Template): Node =>
  node.type === 'scalar' && typeof items === 'string' ? { ...node, value: items } : node;

/** Reports a literal list with more items than the bound on iterations. */
function checkItems({ report }: Place, node: Node, bound: number | undefined): void {
  const count = node.type === 'list' ? node.items.length : 0;
  if (bound === undefined || count <= bound) return;
  const message = `the list has ${count} items, more than max_iterations: ${bound}`;
  report.add('cannot_fit', node, message, 'raise max_iterations, or shorten the list');
}

/** Reads the list of a loop. A bare name abbreviates an expression. */
function readItems(place: Place, node: Node): Template {
  if (node.type === 'list') return readTemplate(place, node);
  if (node.type === 'unknown') return null;
  const text = node.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  if (text !== undefined && isExpression(text)) return readTemplate(place, node);
  if (text === undefined || !PATH.test(text)) {
    const message = `"foreach" must be a name, an expression or a list, but is ${describe(node)}`;
    place.report.add('invalid_type', node, message, 'write foreach: "{{ … }}"');
    return null;
  }
  return readBareName(place, node, text.trim());
}

function readBareName(place: Place, node: Node, path: string): Template {
  const template = `{{ ${path} }}`;
  const [problem] = parseTemplate(template).errors;
  if (problem) place.report.add(problem.code, node, problem.message, problem.hint);
  else readTemplate(place, { type: 'scalar', value: template, offset: node.offset, end: node.end });
  return template;
}

import type { Keys, ValueRule } from '../../definition/key.js';
import { shown } from '../../definition/words.js';
import type { Report } from '../../parse/report.js';
import { describe, type MapNode, type Node } from '../../parse/tree.js';
import { missing, readFields } from './fields.js';
import { readBoolean, readChoice, readNumber, readText } from './scalars.js';

/** Checks a value against a rule and reports every deviation. */
export function checkRule(report: Report, node: Node, rule: ValueRule, what: string): void {
  if (node.type === 'unknown' || rule.type === 'value') return;
  switch (rule.type) {
    case 'text':
      return void readText(report, node, what);
    case 'boolean':
      return void readBoolean(report, node, what);
    case 'number':
      return void readNumber(report, node, what, rule);
    case 'choice':
      return void readChoice(report, node, what, rule.choices);
    case 'list':
      return checkList(report, node, rule, what);
    case 'map':
      return checkMap(report, node, rule, what);
    case 'names':
      return checkNames(report, node, rule, what);
    case 'either':
      return checkEither(report, node, rule, what);
    case 'expression':
    case 'steps':
    case 'null':
      if (!fits(rule, node)) wrong(report, node, rule, what);
  }
}

function checkList(report: Report, node: Node, rule: ValueRule & { type: 'list' }, what: string) {
  if (node.type !== 'list') return wrong(report, node, rule, what);
  if (node.items.length < (rule.least ?? 0)) {
    report.add('invalid_value', node, `${what} is empty`, 'add an item');
  }
  for (const item of node.items) checkRule(report, item, rule.of, `an item of ${what}`);
}

function checkMap(report: Report, node: Node, { keys }: { keys: Keys }, what: string): void {
  const fields = readFields(report, node, keys, what);
  for (const [key, rule] of Object.entries(fields ? keys : {})) {
    const value = fields!.get(key);
    if (!value) continue;
    checkRule(report, value, rule, `"${key}"`);
    if (rule.needs && !fields!.has(rule.needs)) missing(report, fields!, rule.needs, what);
  }
}

function checkNames(report: Report, node: Node, rule: ValueRule & { type: 'names' }, what: string) {
  if (node.type !== 'map') return wrong(report, node, rule, what);
  for (const { key, value } of (node satisfies MapNode).entries) {
    checkRule(report, value, rule.of, `"${key}"`);
  }
}

/** Checks the value against the first alternative whose type matches. */
function checkEither(
  report: Report,
  node: Node,
  rule: ValueRule & { type: 'either' },
  what: string,
) {
  const found = rule.of.find((each) => fits(each, node));
  if (found) checkRule(report, node, found, what);
  else wrong(report, node, rule, what);
}

function fits(rule: ValueRule, node: Node): boolean {
  if (rule.type === 'value') return true;
  if (rule.type === 'either') return rule.of.some((each) => fits(each, node));
  if (node.type === 'list') return rule.type === 'list';
  if (node.type === 'map') return rule.type === 'map' || rule.type === 'names';
  if (node.type === 'unknown') return true;
  const { value } = node;
  if (rule.type === 'null') return value === null;
  if (rule.type === 'boolean' || rule.type === 'number') return typeof value === rule.type;
  return ['text', 'choice', 'expression'].includes(rule.type) && typeof value === 'string';
}

function wrong(report: Report, node: Node, rule: ValueRule, what: string): void {
  const wanted = shown(rule).replaceAll('`', '');
  report.add('invalid_type', node, `${what} must be ${wanted}, but is ${describe(node)}`);
}

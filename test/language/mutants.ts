import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { ACTIONS, besideOf } from '../../src/language/definition/actions.js';
import { DIRECTIVE } from '../../src/language/definition/header.js';
import type { Keys, KeyRule, ValueRule } from '../../src/language/definition/key.js';
import { STEP } from '../../src/language/definition/step.js';

type Node = ParsedNode;
type MapNode = YAMLMap.Parsed;

/** A key of the language in a text. */
interface Site {
  map: MapNode;
  key: Scalar.Parsed;
  value: Node;
  rule: KeyRule;
  /** It says what its step does. */
  action: boolean;
  /** The first of its map. */
  first: boolean;
}

/** A text with one mistake in it, and the lines of which one must be told. */
export interface Mutant {
  what: string;
  text: string;
  lines: number[];
}

type Mutation = (text: string, site: Site) => Mutant | undefined;

const start = (node: Node): number => node.range[0];
const end = (node: Node): number => node.range[1];
const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
const isFlow = (map: MapNode): boolean => map.flow === true;

function replaced(text: string, from: number, to: number, by: string, what: string): Mutant {
  const changed = text.slice(0, from) + by + text.slice(to);
  return { what, text: changed, lines: [lineOf(changed, from)] };
}

/** Every key of the language in a text, in its order. */
export function sitesOf(text: string): Site[] {
  const root = parseDocument(text).contents as Node;
  return within({ type: 'map', keys: DIRECTIVE }, root);
}

function within(rule: ValueRule, node: Node | null): Site[] {
  if (!node) return [];
  switch (rule.type) {
    case 'steps':
      return (isSeq(node) ? node.items : [node]).flatMap((step) => inStep(step as Node));
    case 'map':
      return isMap(node) ? inMap(rule.keys, node as MapNode) : [];
    case 'names':
      return isMap(node) ? node.items.flatMap(({ value }) => within(rule.of, value as Node)) : [];
    case 'list':
      return isSeq(node) ? node.items.flatMap((item) => within(rule.of, item as Node)) : [];
    case 'either': {
      const found = rule.of.find((each) => fits(each, node));
      return found ? within(found, node) : [];
    }
    default:
      return [];
  }
}

function inStep(node: Node): Site[] {
  if (!isMap(node)) return [];
  const map = node as MapNode;
  const action = map.items
    .map(({ key }) => String((key as Scalar).value))
    .find((key) => ACTIONS[key]);
  const own = action === undefined ? {} : { [action]: actionRule(action) };
  const keys = { ...STEP, ...(action === undefined ? {} : besideOf(action)), ...own };
  return inMap(keys, map).map((site) => ({
    ...site,
    action: site.map === map ? site.key.value === action : site.action,
  }));
}

const actionRule = (action: string): KeyRule => ({ description: '', ...ACTIONS[action]!.value });

const inMap = (keys: Keys, map: MapNode): Site[] =>
  map.items.flatMap((pair: Pair, index) => {
    const [key, value] = [pair.key as Scalar.Parsed, pair.value as Node | null];
    const rule = keys[String(key.value)];
    if (!rule || !value) return [];
    const site = { map, key, value, rule, action: false, first: index === 0 };
    return [site, ...within(rule, value)];
  });

/** By the outer type alone. */
function fits(rule: ValueRule, node: Node): boolean {
  if (rule.type === 'value') return true;
  if (rule.type === 'either') return rule.of.some((each) => fits(each, node));
  if (isSeq(node)) return rule.type === 'list' || rule.type === 'steps';
  if (isMap(node)) return ['map', 'names', 'steps'].includes(rule.type);
  return isScalar(node) && takes(rule, node.value);
}

function takes(rule: ValueRule, value: unknown): boolean {
  if (rule.type === 'null') return value === null;
  if (rule.type === 'boolean' || rule.type === 'number') return typeof value === rule.type;
  return ['text', 'choice', 'expression'].includes(rule.type) && typeof value === 'string';
}

const WRONG = ['7', '{ q: 1 }', '[{ q: 1 }]', 'zz', 'true'];

const wrongValue: Mutation = (text, { rule, value }) => {
  const by = WRONG.find((each) => !fits(rule, parseDocument(each).contents as Node));
  const at = rule.type === 'choice' ? 'zz' : rule.type === 'expression' ? '7' : by;
  return at === undefined
    ? undefined
    : replaced(text, start(value), end(value), at, `${at} as a value`);
};

const renamed: Mutation = (text, { key }) =>
  replaced(text, start(key), end(key), `zq_${String(key.value)}_qz`, 'another key');

const doubled: Mutation = (text, { map, key }) => {
  const at = start(key);
  const column = at - (text.lastIndexOf('\n', at - 1) + 1);
  const by = `${String(key.value)}: 0${isFlow(map) ? ', ' : `\n${' '.repeat(column)}`}`;
  const mutant = replaced(text, at, at, by, 'the key twice');
  return { ...mutant, lines: [lineOf(mutant.text, at + by.length)] };
};

/** Of maps on lines of their own. */
const removed: Mutation = (text, { map, key, value, rule, action, first }) => {
  if (isFlow(map) || first || !(rule.required || action)) return undefined;
  const from = text.lastIndexOf('\n', start(key)) + 1;
  const next = text.indexOf('\n', end(value) - (text[end(value) - 1] === '\n' ? 1 : 0));
  const mutant = replaced(text, from, next < 0 ? text.length : next + 1, '', 'a key removed');
  return { ...mutant, lines: [lineOf(mutant.text, start(map as unknown as Node))] };
};

const BROKEN = [
  '1 +',
  'uppper(1)',
  "'a",
  'a b',
  '(1',
  'a.0',
  '{1: 2}',
  '1 = 2',
  'slice(1)',
  '',
  'x |',
];

const brokenExpression: Mutation = (text, { value, key }) => {
  if (!isScalar(value) || !String(value.value).includes('{{')) return undefined;
  const expression = BROKEN[start(key) % BROKEN.length]!;
  const quoted = `"{{ ${expression} }}"`;
  return replaced(text, start(value as Node), end(value as Node), quoted, quoted);
};

const HOSTILE = [
  '!!js/function x',
  '*nowhere',
  '.inf',
  '-.INF',
  '.nan',
  '{{ x }}',
  '"\\q"',
  '&a {<<: {}}',
];

const hostileScalar: Mutation = (text, { value, key }) => {
  if (!isScalar(value)) return undefined;
  const by = HOSTILE[start(key) % HOSTILE.length]!;
  return replaced(text, start(value as Node), end(value as Node), by, by);
};

const secondAction: Mutation = (text, { map, key, action }) => {
  if (!action || key.value === 'fail') return undefined;
  const at = start(key);
  const column = at - (text.lastIndexOf('\n', at - 1) + 1);
  const by = `fail: no${isFlow(map) ? ', ' : `\n${' '.repeat(column)}`}`;
  const mutant = replaced(text, at, at, by, 'two actions');
  return { ...mutant, lines: [lineOf(mutant.text, at + by.length)] };
};

const unknownScript: Mutation = (text, { key, value, action }) =>
  action && ['script', 'tool', 'directive'].includes(String(key.value))
    ? replaced(text, start(value), end(value), 'no_such_thing', 'nothing of that name')
    : undefined;

/** Each makes a text invalid wherever it can be applied. */
export const MUTATIONS: readonly Mutation[] = [
  wrongValue,
  renamed,
  doubled,
  removed,
  brokenExpression,
  hostileScalar,
  secondAction,
  unknownScript,
];

import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { Hook, Plan, PlanStep } from '../../../contracts/plan.js';
import type { StepBlock } from '../kind-spec.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import { bodiesOf, handlersOf } from '../steps/step-blocks.js';

/** One value that is another one now; null = it was not there, or is not there any more. */
export interface Change {
  key: string;
  before: Json;
  after: Json;
}

/** A step that is in one plan only. */
export interface StepAt {
  path: string;
  name: string;
  kind: string;
}

/** A step that is in both plans. */
export interface ChangedStep extends StepAt {
  /** Where it stood before, if elsewhere. */
  moved_from?: string;
  /** It stands before or behind other steps of its block than before. */
  reordered?: true;
  changes: Change[];
}

/** What makes one plan of another. */
export interface PlanDiff {
  name: [before: string, after: string];
  version: [before: string, after: string];
  /** Description, trace, concurrency and the like. */
  directive: Change[];
  inputs: Change[];
  limits: Change[];
  permissions: { added: string[]; removed: string[] };
  added: StepAt[];
  removed: StepAt[];
  changed: ChangedStep[];
}

/** Compares two plans. Steps with a name of their own are known by it, others by their place and what they do. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const [old, fresh] = [placesOf(before), placesOf(after)];
  const pairs = matched(old, fresh);
  const known = new Set(pairs.flat());
  return {
    name: [before.name, after.name],
    version: [before.directive_version, after.directive_version],
    directive: changesOf(headOf(before), headOf(after)),
    inputs: changesOf(plain(before.inputs), plain(after.inputs)),
    limits: changesOf(plain(before.limits), plain(after.limits)),
    permissions: permissionsOf(before, after),
    added: fresh.filter((place) => !known.has(place)).map(toStepAt),
    removed: old.filter((place) => !known.has(place)).map(toStepAt),
    changed: changedSteps(pairs),
  };
}

/** True when the two do the same. */
export const isSame = ({ directive, inputs, limits, permissions, ...steps }: PlanDiff): boolean =>
  [directive, inputs, limits, permissions.added, permissions.removed].every(isEmpty) &&
  [steps.added, steps.removed, steps.changed].every(isEmpty);

const isEmpty = ({ length }: readonly unknown[]): boolean => length === 0;

/** A step and where it stands. */
interface Place {
  step: PlanStep;
  /** In the order of the text. */
  order: number;
  /** The step around it, with what its block is to it; empty at the top. */
  block: string;
}

function placesOf(plan: Plan): Place[] {
  const blocks: StepBlock[] = [
    ['', plan.steps],
    ['always', plan.always ?? []],
    ...hooksOf(plan).map(([key, { steps }]) => [`hooks.${key}`, steps ?? []] as const),
  ];
  const found = blocks.flatMap(([label, steps]) => placesIn(steps, label));
  return found.map((place, order) => ({ ...place, order }));
}

const placesIn = (steps: readonly PlanStep[], block: string): Omit<Place, 'order'>[] =>
  steps.flatMap((step) => [
    { step, block },
    ...[...(step.kind === 'llm' ? [] : bodiesOf(step)), ...handlersOf(step)].flatMap(
      ([label, inside]) => placesIn(inside, `${step.name}/${label}`),
    ),
  ]);

const isNamed = ({ step: { name, kind } }: Place): boolean =>
  !new RegExp(`^${kind}_\\d+$`).test(name);

/** Names decide; then the same content, at the same place first; then what stands at the same place. */
function matched(old: readonly Place[], fresh: readonly Place[]): [Place, Place][] {
  const pairs: [Place, Place][] = [];
  const [left, right] = [new Set(old), new Set(fresh)];
  const pair = (keyOf: (place: Place) => string | undefined) => {
    const byKey = new Map<string, Place[]>();
    for (const place of left) {
      const key = keyOf(place);
      if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), place]);
    }
    for (const place of right) {
      const key = keyOf(place);
      const found = key === undefined ? undefined : byKey.get(key)?.shift();
      if (!found) continue;
      pairs.push([found, place]);
      left.delete(found);
      right.delete(place);
    }
  };
  const content = ({ step }: Place) => JSON.stringify(ownOf(step));
  pair((place) => (isNamed(place) ? `${place.step.kind} ${place.step.name}` : undefined));
  pair((place) => (isNamed(place) ? undefined : `${place.block} ${content(place)}`));
  pair((place) => (isNamed(place) ? undefined : content(place)));
  pair((place) => `${place.block} ${place.step.kind}`);
  return pairs;
}

function changedSteps(all: readonly [Place, Place][]): ChangedStep[] {
  const pairs = [...all].sort(([, a], [, b]) => a.order - b.order);
  const partner = new Map(pairs.map(([before, after]) => [before.step.name, after.step.name]));
  const stayed = pairs.filter(([before, after]) => renamed(before.block, partner) === after.block);
  const out = outOfOrder(stayed);
  return pairs
    .map((both) => {
      const [before, after] = both;
      return {
        ...toStepAt(after),
        ...(stayed.includes(both) ? {} : { moved_from: before.step.path }),
        ...(out.has(both) ? { reordered: true as const } : {}),
        changes: changesOf(ownOf(before.step), ownOf(after.step)),
      };
    })
    .filter(({ moved_from, reordered, changes }) => moved_from ?? reordered ?? changes.length > 0);
}

/** A block is the same one when the step around it only has another number now. */
function renamed(block: string, partner: ReadonlyMap<string, string>): string {
  const [name, label] = block.split('/') as [string, string?];
  return label === undefined ? block : `${partner.get(name) ?? name}/${label}`;
}

/** Of the steps that stayed in their block, the fewest whose moving explains the new order. */
function outOfOrder(pairs: readonly [Place, Place][]): Set<[Place, Place]> {
  const out = new Set<[Place, Place]>();
  const blocks = new Map<string, [Place, Place][]>();
  const inOrder = [...pairs].sort(([, a], [, b]) => a.order - b.order);
  for (const pair of inOrder)
    blocks.set(pair[1].block, [...(blocks.get(pair[1].block) ?? []), pair]);
  for (const block of blocks.values()) {
    const kept = longestRise(block.map(([before]) => before.order));
    block.forEach((pair, index) => !kept.has(index) && out.add(pair));
  }
  return out;
}

/** Indices of a longest rising subsequence. */
function longestRise(values: readonly number[]): Set<number> {
  const [length, previous] = [values.map(() => 1), values.map(() => -1)];
  values.forEach((value, at) => {
    for (let before = 0; before < at; before++) {
      if (values[before]! >= value || length[before]! + 1 <= length[at]!) continue;
      [length[at], previous[at]] = [length[before]! + 1, before];
    }
  });
  const kept = new Set<number>();
  for (let at = length.indexOf(Math.max(0, ...length)); at >= 0; at = previous[at]!) kept.add(at);
  return kept;
}

const toStepAt = ({ step: { path, name, kind } }: Place): StepAt => ({ path, name, kind });

/** What a step says itself: neither where it stands, nor what is inside it, nor how the compiler runs it. */
function ownOf(step: PlanStep): JsonObject {
  const rest = without(plain(step), ['path', 'name', 'own', 'effect']);
  const inside = isComposite(step) ? (compositeSpecOf(step).bodyKeys as readonly string[]) : [];
  for (const key of [...inside, ...HANDLERS]) if (Array.isArray(rest[key])) delete rest[key];
  if (step.kind === 'parallel') rest['branches'] = step.branches.length;
  // What the author wrote of it stands in its turn.
  if (step.kind === 'llm') return { ...ownOf(step.steps[0]), ...rest };
  return rest;
}

const HANDLERS = ['on_error', 'compensate'];

/** What is compared by itself, or is no part of what the directive does. */
const HEAD = [
  'name',
  'directive_version',
  'version',
  'inputs',
  'limits',
  'permissions',
  'steps',
  'always',
  'hooks',
];

function headOf(plan: Plan): JsonObject {
  const hooks = hooksOf(plan).map(([key, hook]) => [key, without(plain(hook), ['steps'])]);
  return {
    ...without(plain(plan), HEAD),
    ...(hooks.length > 0 && { hooks: Object.fromEntries(hooks) as JsonObject }),
  };
}

/** Hooks by moment and position; their steps are compared as steps. */
const hooksOf = ({ hooks }: Plan): [key: string, hook: Hook][] =>
  Object.entries(hooks ?? {}).flatMap(([moment, all]) =>
    all.map((hook, index): [string, Hook] => [`${moment}[${index}]`, hook]),
  );

function permissionsOf(before: Plan, after: Plan): PlanDiff['permissions'] {
  const [old, fresh] = [before, after].map(({ permissions }) => permissions ?? [ALL]) as [
    string[],
    string[],
  ];
  return {
    added: fresh.filter((tag) => !old.includes(tag)),
    removed: old.filter((tag) => !fresh.includes(tag)),
  };
}

/** Without permissions a run has those of whoever starts it. */
const ALL = 'all of whoever starts it';

function changesOf(before: JsonObject, after: JsonObject, prefix = ''): Change[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    const [old, fresh] = [before[key] ?? null, after[key] ?? null];
    if (same(old, fresh)) return [];
    const path = `${prefix}${key}`;
    if (isObject(old) && isObject(fresh)) return changesOf(old, fresh, `${path}.`);
    return [{ key: path, before: old, after: fresh }];
  });
}

const same = (a: Json, b: Json): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** The order of keys says nothing. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  );
}

const without = (value: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

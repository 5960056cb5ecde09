import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { Hook, Plan, PlanStep } from '../../../contracts/plan.js';
import type { StepBlock } from '../kind-spec.js';
import { compositeSpecOf, isComposite } from '../kinds.js';
import { bodiesOf, handlersOf } from '../steps/step-blocks.js';

/** One changed value; null = absent before, or absent now. */
export interface Change {
  key: string;
  before: Json;
  after: Json;
}

/** A step that only one of the plans has. */
export interface StepAt {
  path: string;
  name: string;
  kind: string;
}

/** A step that both plans have, with differences. */
export interface ChangedStep extends StepAt {
  /** Former path of the step, if it moved to another block. */
  moved_from?: string;
  /** True = the step changed its order within its block. */
  reordered?: true;
  changes: Change[];
}

/** The differences between two plans. */
export interface PlanDiff {
  name: [before: string, after: string];
  version: [before: string, after: string];
  /** Changes of the directive's other fields, such as description, trace and concurrency. */
  directive: Change[];
  inputs: Change[];
  limits: Change[];
  permissions: { added: string[]; removed: string[] };
  added: StepAt[];
  removed: StepAt[];
  changed: ChangedStep[];
}

/** Compares two plans. Steps match by the name that the author gave, others by content and place. */
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

/** True when the plans behave the same. */
export const isSame = ({ directive, inputs, limits, permissions, ...steps }: PlanDiff): boolean =>
  [directive, inputs, limits, permissions.added, permissions.removed].every(isEmpty) &&
  [steps.added, steps.removed, steps.changed].every(isEmpty);

const isEmpty = ({ length }: readonly unknown[]): boolean => length === 0;

/** A step and its position. */
interface Place {
  step: PlanStep;
  /** Position in the order of the text. */
  order: number;
  /** Enclosing step and role of the block, such as `name/then`; empty for the root block. */
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

/** Pairs the steps of two plans: by name, then by equal content (same place first), then by place. */
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

/**
 * Old block key in terms of the new plan, so that a block is the same if its enclosing step only changed its number.
 */
function renamed(block: string, partner: ReadonlyMap<string, string>): string {
  const [name, label] = block.split('/') as [string, string?];
  return label === undefined ? block : `${partner.get(name) ?? name}/${label}`;
}

/** The smallest set of steps whose moves explain the new order within their blocks. */
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

/** Indices of a longest increasing subsequence. */
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

/** The compared keys of a step, without its place, the steps inside it and the fields that the compiler derives. */
function ownOf(step: PlanStep): JsonObject {
  const rest = without(plain(step), ['path', 'name', 'own', 'effect', 'shows']);
  const inside = isComposite(step) ? (compositeSpecOf(step).bodyKeys as readonly string[]) : [];
  for (const key of [...inside, ...HANDLERS]) if (Array.isArray(rest[key])) delete rest[key];
  if (step.kind === 'parallel') rest['branches'] = step.branches.length;
  // The compiler moves what the author wrote into the turn.
  if (step.kind === 'llm') return { ...ownOf(step.steps[0]), ...rest };
  return rest;
}

const HANDLERS = ['on_error', 'compensate'];

/** Keys of a Plan that are compared separately, or do not affect behaviour. */
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

/** Hooks by moment and position. Their steps are compared like other steps. */
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

/** Text for absent permissions: the run then has the rights of its actor. */
const ALL = 'all rights of the actor who starts the run';

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

/** Sorts keys, because their order does not matter. */
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

import { MissionError } from '../../contracts/errors.js';
import { isObject, type JsonObject } from '../../contracts/json/json.js';
import { didYouMean } from '../../language/text/nearest.js';
import { ITEM_TYPES, type ItemType } from './verb-specs.js';

const invalid = (text: string) => new MissionError('input_invalid', text);

/** A text argument; undefined when it is absent. */
export function textOf(args: JsonObject, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw invalid(`"${name}" must be a text.`);
}

export function requiredText(args: JsonObject, name: string): string {
  const value = textOf(args, name)?.trim();
  if (value) return value;
  throw invalid(`"${name}" is missing.`);
}

export function objectIn(args: JsonObject, name: string): JsonObject {
  const value = args[name];
  if (value === undefined || value === null) return {};
  if (isObject(value)) return value;
  throw invalid(`"${name}" must be an object.`);
}

/** A whole number within bounds; `fallback` when it is absent. */
export function countIn(args: JsonObject, name: string, fallback: number, most: number): number {
  const value = args[name];
  if (value === undefined || value === null) return fallback;
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1) return Math.min(count, most);
  throw invalid(`"${name}" must be a whole number from 1 to ${most}.`);
}

/** The type of item; `script` is a tool. */
export function itemTypeIn(args: JsonObject): ItemType {
  const given = requiredText(args, 'item_type');
  const type = given === 'script' ? 'tool' : given;
  const found = ITEM_TYPES.find((each) => each === type || `${each}s` === type);
  if (found) return found;
  const hint = didYouMean(given, ITEM_TYPES) ?? `there are ${ITEM_TYPES.join(', ')}`;
  throw invalid(`item_type is ${JSON.stringify(given.slice(0, 40))}: ${hint}.`);
}

/** An action of an item; an unknown one is refused with those that there are. */
export function actionIn<Action extends string>(
  args: JsonObject,
  actions: readonly Action[],
): Action {
  const given = requiredText(args, 'action');
  const found = actions.find((each) => each === given);
  if (found) return found;
  const hint = didYouMean(given, actions) ?? `there are ${actions.join(', ')}`;
  throw invalid(`action is ${JSON.stringify(given.slice(0, 40))}: ${hint}.`);
}

import { MissionError } from '../../contracts/errors.js';
import type { Trigger } from '../../contracts/execution.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { CallStep, InputSpec, Template } from '../../contracts/plan.js';
import type { RunScope } from '../../contracts/run/scope.js';
import { secretNameOf } from '../../contracts/secret.js';
import { parseTemplate } from '../../language/expression/parse-template.js';
import { referencesOf } from '../../language/expression/references.js';
import { stepTemplate } from '../../language/plan/steps/step-template.js';

/** The run that uses secrets, and the inputs that its directive declares. */
export interface SecretRequester {
  run: Pick<RunScope, 'trigger'>;
  declared: Readonly<Record<string, InputSpec>>;
}

type Resolve = (name: string) => Promise<string>;
type MayHold = (value: Json) => boolean;

/** Matches the steps that can use secrets; the result is cached for each step. */
const MENTIONS = /secret:\/\/|\binputs\b/;
const mentioning = new WeakMap<CallStep, boolean>();

function mentionsSecrets(step: CallStep): boolean {
  let does = mentioning.get(step);
  if (does === undefined) {
    does = MENTIONS.test(JSON.stringify(stepTemplate(step)));
    mentioning.set(step, does);
  }
  return does;
}

/**
 * Replaces references `secret://name` in a step's evaluated values by the secrets. A reference is replaced only when it is
 * written in the directive, or comes from an input of the run that may hold one. A reference in other data, such as the
 * text of a web page, stays a text.
 */
export async function fillSecrets(
  step: CallStep,
  values: JsonObject,
  asker: SecretRequester,
  resolve: Resolve,
): Promise<JsonObject> {
  if (!mentionsSecrets(step)) return values;
  return (await fill(stepTemplate(step), values, asker, resolve)) as JsonObject;
}

/**
 * Checks the inputs of a child run. They may hold references to secrets only where {@link fillSecrets} would replace
 * them, because the child trusts the references in its inputs.
 * @throws MissionError `input_invalid` for a reference that came as data
 */
export async function refuseForeign(
  template: Template,
  value: Json,
  asker: SecretRequester,
): Promise<void> {
  const rest = await fill(template, value, asker, () => Promise.resolve(''));
  const foreign = firstReference(rest);
  if (foreign === undefined) return;
  const text = `An input of the child run is "${foreign.slice(0, 80)}", which comes from data. A reference to a secret must be written in the directive, or be an input of the run.`;
  throw new MissionError('input_invalid', text, undefined, { retryable: false });
}

function firstReference(value: Json): string | undefined {
  if (secretNameOf(value) !== undefined) return value as string;
  const items = Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
  for (const item of items) {
    const found = firstReference(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function fill(
  template: Template,
  value: Json,
  asker: SecretRequester,
  resolve: Resolve,
): Promise<Json> {
  if (typeof template === 'string') return fillText(template, value, asker, resolve);
  if (Array.isArray(template) && Array.isArray(value)) {
    return inOrder(value, (item, at) => fill(template[at] ?? null, item, asker, resolve));
  }
  if (!isObject(template) || !isObject(value)) return value;
  return byKey(value, (item, key) => fill(template[key] ?? null, item, asker, resolve));
}

async function fillText(
  template: string,
  value: Json,
  asker: SecretRequester,
  resolve: Resolve,
): Promise<Json> {
  const name = value === template ? secretNameOf(value) : undefined;
  if (name !== undefined) return resolve(name);
  const path = pathOf(template);
  if (path?.[0] !== 'inputs') return value;
  if (path[1] !== undefined) return fillInput(value, mayHold(asker, path[1]), resolve);
  return isObject(value)
    ? byKey(value, (item, key) => fillInput(item, mayHold(asker, key), resolve))
    : value;
}

/** The path of a template that is nothing but one path, such as `inputs.token`; undefined for any other template. */
function pathOf(template: string): string[] | undefined {
  const { whole, pieces } = parseTemplate(template);
  const tree = pieces.flatMap((piece) => ('tree' in piece ? [piece.tree] : []))[0];
  if (whole === undefined || !tree || !['name', 'index'].includes(tree.type)) return undefined;
  const [path, ...others] = referencesOf(tree);
  return others.length === 0 ? path?.path : undefined;
}

/** True when the inputs come from a person or author who may use secrets; with the other triggers they come from outside. */
const TRUSTED: Readonly<Record<Trigger, boolean>> = {
  manual: true,
  parent: true,
  rerun: true,
  system: true,
  schedule: false,
  alert: false,
  event: false,
};

/**
 * Decides whether an input may hold a reference. With a trusted trigger every input may. With any other trigger the input
 * must be declared `format: secret`, or hold its declared default.
 */
function mayHold({ run, declared }: SecretRequester, input: string): MayHold {
  const spec = Object.hasOwn(declared, input) ? declared[input] : undefined;
  return (value) => TRUSTED[run.trigger] || spec?.format === 'secret' || value === spec?.default;
}

async function fillInput(value: Json, allowed: MayHold, resolve: Resolve): Promise<Json> {
  if (Array.isArray(value)) return inOrder(value, (item) => fillInput(item, allowed, resolve));
  if (isObject(value)) return byKey(value, (item) => fillInput(item, allowed, resolve));
  const name = secretNameOf(value);
  return name !== undefined && allowed(value) ? resolve(name) : value;
}

/** Changes items one after the other, so that the audit log lists secrets in the order of the text. */
async function inOrder(
  list: Json[],
  change: (item: Json, at: number) => Promise<Json>,
): Promise<Json[]> {
  const changed: Json[] = [];
  for (const [at, item] of list.entries()) changed.push(await change(item, at));
  return changed;
}

async function byKey(
  object: Record<string, Json>,
  change: (item: Json, key: string) => Promise<Json>,
): Promise<Json> {
  const keys = Object.keys(object);
  const values = await inOrder(Object.values(object), (item, at) => change(item, keys[at]!));
  return Object.fromEntries(keys.map((key, at) => [key, values[at]!]));
}

import { isObject, type JsonObject } from '../contracts/json/json.js';
import { directivesIn, inputsIn, type DirectiveFact, type InputFact } from './directives.js';
import type { Answered, Exchange } from './exchanges.js';

/** A directive that was run, or nearly, with its inputs. */
export interface RunMemory {
  id: string;
  inputs: JsonObject;
  executionId?: string;
  status?: string;
}

/** A question of ours that waits for its answer. */
export type Pending =
  | { kind: 'missing'; id: string; provided: JsonObject; missing: InputFact[]; all: InputFact[] }
  | { kind: 'confirm'; id: string; inputs: JsonObject }
  | { kind: 'choose'; ids: string[]; request: string };

const CONFIRM = /Shall I run `([a-z][a-z0-9_]*)` with `(\{.*\})`\?/s;
const CHOOSE = /^Which one do you mean\?$/m;
const LISTED = /^\d+\. `([^`]+)`/gm;

/** The last exchange before the present one in which something holds. */
function latest<T>(
  exchanges: readonly Exchange[],
  find: (exchange: Exchange) => T | undefined,
): T | undefined {
  for (let index = exchanges.length - 2; index >= 0; index--) {
    const found = find(exchanges[index]!);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The question that the message before the present one was answered with. */
export function pendingIn(exchanges: readonly Exchange[]): Pending | undefined {
  const last = exchanges.at(-2);
  if (!last) return undefined;
  const confirm = CONFIRM.exec(last.text);
  if (confirm) return { kind: 'confirm', id: confirm[1]!, inputs: objectIn(confirm[2]!) };
  const run = last.calls.findLast(isRun);
  const missing = run?.answer.ok ? run.answer.value['missing_inputs'] : undefined;
  if (run?.answer.ok && Array.isArray(missing) && missing.length > 0) {
    const { all_inputs, provided_inputs } = run.answer.value;
    const all = inputsIn(all_inputs);
    const names = missing.map((each) => (isObject(each) ? String(each['name']) : String(each)));
    const asked = names.map((name) => all.find((each) => each.name === name) ?? unknownInput(name));
    const provided = isObject(provided_inputs) ? provided_inputs : {};
    return { kind: 'missing', id: idOf(run), provided, missing: asked, all };
  }
  if (CHOOSE.test(last.text))
    return { kind: 'choose', ids: listedIn(last.text), request: last.message };
  return undefined;
}

const unknownInput = (name: string): InputFact => ({
  name,
  type: 'string',
  required: true,
  description: '',
  choices: [],
  fallback: undefined,
  format: '',
});

function objectIn(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value as never) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}

const isRun = ({ tool, args }: Answered): boolean =>
  tool === 'execute' && args['item_type'] === 'directive' && args['action'] === 'run';

const idOf = ({ args }: Answered): string => String(args['item_id'] ?? '');

/** The directive that was run last, with its run. */
export const lastRun = (exchanges: readonly Exchange[]): RunMemory | undefined =>
  latest(exchanges, ({ calls }) => {
    const run = calls.findLast((call) => isRun(call) && call.answer.ok);
    if (!run?.answer.ok) return undefined;
    const { value } = run.answer;
    const parameters = isObject(run.args['parameters']) ? run.args['parameters'] : {};
    const inputs = isObject(parameters['inputs']) ? parameters['inputs'] : {};
    const { execution_id, status } = value;
    return {
      id: idOf(run),
      inputs,
      ...(typeof execution_id === 'string' && { executionId: execution_id }),
      ...(typeof status === 'string' && { status }),
    };
  });

/** The run that was spoken of last: one that was started, or one that was looked at. */
export const lastExecution = (exchanges: readonly Exchange[]): string | undefined =>
  latest(exchanges, ({ calls }) => {
    for (const call of [...calls].reverse()) {
      if (isRun(call) && call.answer.ok && typeof call.answer.value['execution_id'] === 'string')
        return call.answer.value['execution_id'];
      if (call.tool === 'load' && call.args['item_type'] === 'execution') return idOf(call);
    }
    return undefined;
  });

/** The names in the last numbered list that was shown. */
export const lastList = (exchanges: readonly Exchange[]): string[] | undefined =>
  latest(exchanges, ({ text }) => {
    const ids = listedIn(text);
    return ids.length > 0 ? ids : undefined;
  });

const listedIn = (text: string): string[] => [...text.matchAll(LISTED)].map(([, id]) => id!);

/** What is known of a directive from a search earlier in the conversation. */
export const knownDirective = (
  exchanges: readonly Exchange[],
  id: string,
): DirectiveFact | undefined =>
  latest(exchanges, ({ calls }) =>
    calls
      .flatMap((call) =>
        call.tool === 'search' && call.answer.ok ? directivesIn(call.answer.value) : [],
      )
      .find((fact) => fact.id === id),
  );

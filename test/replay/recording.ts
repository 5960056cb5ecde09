import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from '@temporalio/proto';
import { DEFAULT_CEILINGS, type Catalog } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import type { Plan } from '../../src/contracts/plan.js';
import { compileDirective } from '../../src/language/compile/compile.js';

const here = (directory: string) => join(import.meta.dirname, directory);
const namesIn = (directory: string, extension: string) =>
  readdirSync(here(directory))
    .filter((file) => file.endsWith(extension))
    .map((file) => file.slice(0, -extension.length))
    .sort();

/** One directive for every kind of run whose history is kept. */
export const KINDS = namesIn('directives', '.yaml');
export const HISTORIES = namesIn('histories', '.binpb');

/** As the server tells it: `temporal.api.history.v1.History` in protobuf's own encoding. */
type History = protobuf.temporal.api.history.v1.IHistory;
const { History } = protobuf.temporal.api.history.v1;

const historyFile = (kind: string): string => here(`histories/${kind}.binpb`);

export const readHistory = (kind: string): History =>
  History.decode(readFileSync(historyFile(kind)));

/** Refuses to replace one. Histories tell on which machine they were made; that is nobody's business. */
export function keepHistory(kind: string, history: History): void {
  const bytes = History.encode(withoutPlace(history)).finish();
  writeFileSync(historyFile(kind), bytes, { flag: 'wx' });
}

function withoutPlace(history: History): History {
  for (const event of history.events ?? []) {
    for (const attributes of Object.values(event)) {
      if (attributes && typeof attributes === 'object' && 'identity' in attributes) {
        attributes.identity = 'worker';
      }
      forgetStacks(attributes);
    }
  }
  return history;
}

/** A failure's stack names the files of the machine. */
function forgetStacks(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if ('stackTrace' in value && value.stackTrace) value.stackTrace = '';
  for (const inside of Object.values(value)) forgetStacks(inside);
}

/** The scripts that the directives call, by name. */
export const SCRIPTS: Record<
  string,
  (call: { inputs: JsonObject; attempt: number; first: boolean; signal: AbortSignal }) => unknown
> = {
  answer: ({ inputs: { value } }) => ({ value, status: 'done' }),
  text: ({ inputs: { length } }) => ({ text: 'x'.repeat(Number(length)) }),
  fail_first({ inputs: { times }, attempt }) {
    if (attempt <= Number(times)) throw new MissionError('timeout', `attempt ${attempt} failed`);
    return { attempt };
  },
  fail_odd({ inputs: { value } }) {
    if (Number(value) % 2 === 1) throw new MissionError('script_error', `${value} is odd`);
    return { value, status: 'done' };
  },
  fault_once({ first }) {
    if (first) throw new MissionError('internal', 'lost', undefined, { retryable: true });
    return {};
  },
  fail_once({ first }) {
    if (first) throw new MissionError('script_error', 'not yet');
    return {};
  },
  hang: ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new MissionError('cancelled', 'cut off')));
    }),
};

const CATALOG: Catalog = {
  scripts: new Map(),
  projectScripts: new Map(
    Object.keys(SCRIPTS).map((name) => [name, { name, language: 'js', file: `/${name}.js` }]),
  ),
  mcpServers: null,
  ceilings: DEFAULT_CEILINGS,
};

export function planOf(kind: string): Plan {
  const source = readFileSync(here(`directives/${kind}.yaml`), 'utf8');
  const { plan, diagnostics } = compileDirective(source, CATALOG);
  if (!plan) throw new Error(`${kind}: ${JSON.stringify(diagnostics)}`);
  return plan;
}

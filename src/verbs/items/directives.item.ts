import { rightsOf } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type JsonObject } from '../../contracts/json/json.js';
import type { Plan } from '../../contracts/plan.js';
import type { CheckedDirective, DirectiveRegistry } from '../../kernel/directive-registry.js';
import type { Executor } from '../../kernel/execute.js';
import type { Blobs } from '../../runs/values/blobs.js';
import type { ItemSearch } from '../../search/item-search.js';
import { actionIn, countIn, objectIn, requiredText, textOf } from '../call/arguments.js';
import type { RunEnds } from '../call/run-ends.js';
import { needs, needsInRun, type VerbCaller } from '../call/verb-caller.js';
import { directiveFacts, inputList, isRequired } from './directive-facts.js';
import { searchDirectives } from './directive-search.js';
import type { DirectiveFiles } from './directive-files.js';
import { type Item, notFound, pageOf, type SearchAnswer, type SearchRow } from './item.js';
import { outcomeOf } from './run-outcome.js';
import type { ThreadItem } from './threads.item.js';

const ACTIONS = ['run', 'create', 'update', 'delete', 'publish'] as const;
/** Parameters of `run` that are no inputs, unless they are in `inputs`. */
const RESERVED = new Set(
  'version confirm content location category source dry_run thread_id stream wait_seconds idempotency_key inputs'.split(
    ' ',
  ),
);
const PREVIEW = 200;

export interface DirectiveItemOptions {
  registry: DirectiveRegistry;
  executor: Executor;
  ends: RunEnds;
  blobs: Pick<Blobs, 'resolve'>;
  files: DirectiveFiles;
  threads: Pick<ThreadItem, 'open'>;
  search: ItemSearch;
}

/** Directives: found by their words, run, and written as files of the project. */
export class DirectiveItem implements Item {
  constructor(private readonly options: DirectiveItemOptions) {}

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:directives');
    const source = sourceOf(args);
    const query = textOf(args, 'query') ?? '';
    const { registry, search } = this.options;
    const hits = await searchDirectives(registry, search, { source, query });
    const rows = hits.map(({ item, ...how }) => ({ ...rowOf(item), ...how }));
    return pageOf(rows, countIn(args, 'limit', 10, 100));
  }

  async load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needs(caller, 'read:directives');
    const directive = await this.find(args);
    const { name, source, file, text, diagnostics } = directive;
    return {
      item_id: name,
      item_type: 'directive',
      source,
      ...(file !== undefined && { file }),
      content: text,
      metadata: directiveFacts(directive),
      diagnostics: diagnostics as unknown as JsonObject[],
    };
  }

  async execute(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    const action = actionIn(args, ACTIONS);
    const parameters = objectIn(args, 'parameters');
    if (action === 'run') return this.run(args, parameters, caller);
    needs(caller, 'write:directives');
    needsInRun(caller, 'execute:kernel:execute', 'Writing directives');
    const name = requiredText(args, 'item_id');
    const { actor } = caller.principal;
    const isDry = parameters['dry_run'] === true;
    const written = await this.options.files.write(action, name, { parameters, actor, isDry });
    return { item_id: name, item_type: 'directive', action, ...written };
  }

  private async run(
    args: JsonObject,
    parameters: JsonObject,
    caller: VerbCaller,
  ): Promise<JsonObject> {
    needs(caller, 'execute:directives');
    const directive = await this.find({ ...args, version: parameters['version'] ?? null });
    const { name, plan } = directive;
    needsInRun(caller, `execute:directives:${name}`, `Running ${name}`);
    const about = { item_id: name, item_type: 'directive', action: 'run' };
    const inputs = inputsOf(parameters);
    if (plan?.instructions || parameters['location'] === 'thread')
      return {
        ...about,
        ...(await this.options.threads.open(name, { parameters, inputs }, caller)),
      };
    const missing = plan && missingInputs(plan, inputs);
    if (missing) return missing;
    const key = caller.run?.key ?? textOf(parameters, 'idempotency_key');
    if (parameters['dry_run'] === true)
      return {
        ...about,
        dry_run: true,
        valid: plan !== undefined,
        inputs,
        plan: plan ? planFacts(plan) : null,
      };
    const version = textOf(parameters, 'version');
    const run = await this.options.executor.start({
      directive: name,
      inputs,
      actor: caller.principal.actor,
      rights: rightsOf(caller.principal),
      triggeredBy: 'manual',
      ...(version !== undefined && { version }),
      ...(key !== undefined && { idempotencyKey: key }),
      ...(caller.run?.threadId !== undefined && { thread: { id: caller.run.threadId } }),
    });
    return { ...about, ...(await outcomeOf(this.options, run, parameters, caller)) };
  }

  private async find(args: JsonObject): Promise<CheckedDirective> {
    const name = requiredText(args, 'item_id');
    const found = await this.options.registry.find(name, textOf(args, 'version') ?? null);
    if (found) return found;
    throw notFound('directive', name, await this.options.registry.missing(name));
  }
}

function rowOf(directive: CheckedDirective): Omit<SearchRow, 'score'> {
  const { name, source, plan } = directive;
  const preview = (plan?.description ?? '').slice(0, PREVIEW);
  return {
    id: name,
    type: 'directive',
    preview,
    metadata: directiveFacts(directive),
    source,
  };
}

/** `local` is everything on this machine; there is no registry. */
function sourceOf(args: JsonObject): string | null {
  const source = textOf(args, 'source') ?? 'all';
  if (['all', 'local'].includes(source)) return null;
  if (['project', 'user', 'system', 'registry'].includes(source)) return source;
  throw new MissionError(
    'input_invalid',
    `source is ${JSON.stringify(source.slice(0, 40))}: there are all, project, user, system.`,
  );
}

function inputsOf(parameters: JsonObject): JsonObject {
  if (isObject(parameters['inputs'] ?? null)) return parameters['inputs'] as JsonObject;
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !RESERVED.has(name)));
}

const planFacts = ({ limits, permissions, steps }: Plan): JsonObject => ({
  steps: steps.map(({ name, kind }) => ({ name, kind })),
  permissions,
  limits: limits as unknown as JsonObject,
});

/** The answer to a run whose inputs are not complete. */
function missingInputs(plan: Plan, given: JsonObject): JsonObject | undefined {
  const missing = Object.entries(plan.inputs)
    .filter(([name, spec]) => isRequired(spec) && (given[name] ?? null) === null)
    .map(([name]) => name);
  if (missing.length === 0) return undefined;
  const example = Object.fromEntries(missing.map((name) => [name, '…']));
  return {
    error: `Missing required inputs: ${missing.join(', ')}`,
    missing_inputs: missing,
    all_inputs: inputList(plan),
    provided_inputs: given,
    solution: `Call execute again with parameters ${JSON.stringify({ inputs: { ...given, ...example } })}.`,
  };
}

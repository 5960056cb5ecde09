import type { JsonObject } from '../../contracts/json/json.js';
import { readFile } from 'node:fs/promises';
import type { DirectiveRegistry } from '../../kernel/directive-registry.js';
import type { Executor } from '../../kernel/execute.js';
import { rightsOf } from '../../access/rights.js';
import { MissionError } from '../../contracts/errors.js';
import { readProjectManifest } from '../../platform/library/project-manifest.js';
import type { Blobs } from '../../runs/values/blobs.js';
import { wordsOf } from '../../intent/words.js';
import type { ItemSearch } from '../../search/item-search.js';
import { actionIn, countIn, objectIn, requiredText, textOf } from '../call/arguments.js';
import type { RunEnds } from '../call/run-ends.js';
import { needs, needsInRun, type VerbCaller } from '../call/verb-caller.js';
import { isRequired } from './directive-facts.js';
import { type Item, notFound, pageOf, type SearchAnswer } from './item.js';
import { outcomeOf } from './run-outcome.js';

interface Tool {
  id: string;
  source: 'project' | 'system';
  description: string;
  metadata: JsonObject;
  /** Absolute path; absent for a script that ships with the program. */
  file?: string;
}

export interface ToolItemOptions {
  registry: Pick<DirectiveRegistry, 'catalog'>;
  executor: Executor;
  ends: RunEnds;
  blobs: Pick<Blobs, 'resolve'>;
  search: ItemSearch;
}

/** Scripts: those of the project, and those that ship with the program. */
export class ToolItem implements Item {
  constructor(private readonly options: ToolItemOptions) {}

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:directives');
    const source = textOf(args, 'source');
    const tools = await this.tools();
    const wanted = tools.filter(
      (tool) => !source || ['all', 'local'].includes(source) || tool.source === source,
    );
    const query = textOf(args, 'query') ?? '';
    const kind = `tool:${source ?? 'all'}`;
    const hits = await this.options.search.search(kind, wanted, toolText, query);
    const rows = hits.map(({ item: tool, ...how }) => ({
      id: tool.id,
      type: 'tool',
      ...how,
      preview: tool.description,
      metadata: tool.metadata,
      source: tool.source,
    }));
    return pageOf(rows, countIn(args, 'limit', 10, 100));
  }

  async load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needs(caller, 'read:directives');
    const { id, source, metadata, file } = await this.find(args);
    const about: JsonObject = { item_id: id, item_type: 'tool', source, metadata };
    if (file === undefined) return about;
    return { ...about, file, content: await readFile(file, 'utf8') };
  }

  async execute(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    const action = actionIn(args, ['run'] as const);
    needs(caller, 'execute:directives');
    needsInRun(caller, 'execute:kernel:execute', 'Running a tool');
    const { id } = await this.find(args);
    const parameters = objectIn(args, 'parameters');
    const { inputs: nested, wait_seconds, ...rest } = parameters;
    const inputs = nested === undefined ? rest : objectIn(parameters, 'inputs');
    const run = await this.options.executor.start({
      directive: `tool_${id}`.slice(0, 64),
      source: sourceFor(id, Object.keys(inputs)),
      inputs: { inputs },
      actor: caller.principal.actor,
      rights: rightsOf(caller.principal),
      triggeredBy: 'manual',
      ...(caller.run && { idempotencyKey: caller.run.key }),
      ...(caller.run?.threadId !== undefined && { thread: { id: caller.run.threadId } }),
    });
    const waiting: JsonObject = {};
    if (wait_seconds !== undefined) waiting['wait_seconds'] = wait_seconds;
    const outcome = await outcomeOf(this.options, run, waiting, caller);
    return { item_id: id, item_type: 'tool', action, ...outcome };
  }

  private async find(args: JsonObject): Promise<Tool> {
    const id = requiredText(args, 'item_id');
    const found = (await this.tools()).find((tool) => tool.id === id);
    if (found) return found;
    throw notFound('tool', id);
  }

  private async tools(): Promise<Tool[]> {
    const { scripts, projectScripts } = await this.options.registry.catalog();
    const shipped = [...scripts.values()]
      .filter(({ available, name }) => available && !name.startsWith('kernel_'))
      .map(({ name, description, inputs }) => ({
        id: name,
        source: 'system' as const,
        description,
        metadata: { description, language: 'system', inputs: inputsOf(inputs) } as JsonObject,
      }));
    const own = await Promise.all(
      [...projectScripts.values()].map(async ({ name, language, file }) => {
        const manifest = await readProjectManifest(file).catch(() => undefined);
        const description = manifest?.description ?? '';
        const inputs = manifest ? { inputs: inputsOf(manifest.inputs) } : {};
        return {
          id: name,
          source: 'project' as const,
          description,
          file,
          metadata: { description, language, ...inputs } as JsonObject,
        };
      }),
    );
    return [...own, ...shipped];
  }
}

const toolText = ({ id, description }: Tool) => ({
  title: id,
  text: description,
  meaning: `${wordsOf(id).join(' ')}. ${description}`,
});

const inputsOf = (inputs: Record<string, { required?: boolean; default?: unknown }>): JsonObject =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, spec]) => [
      name,
      { ...spec, required: isRequired(spec as never) },
    ]),
  ) as JsonObject;

/** A directive with the one step that calls a script: a tool that is run by itself has a run like any other. */
function sourceFor(script: string, inputs: readonly string[]): string {
  const odd = inputs.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (odd !== undefined) {
    const text = `${JSON.stringify(odd.slice(0, 40))} is not a name for an input: use letters, digits and _.`;
    throw new MissionError('input_invalid', text);
  }
  const given = inputs.map((name) => [name, `{{ inputs.inputs.${name} }}`]);
  return JSON.stringify({
    name: `tool_${script}`.slice(0, 64).toLowerCase(),
    version: '1.0.0',
    description: `Runs the script ${script}`,
    inputs: { inputs: { type: 'object', default: {} } },
    steps: [{ name: 'call', script, inputs: Object.fromEntries(given) as JsonObject }],
  });
}

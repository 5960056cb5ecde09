import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_CEILINGS } from '../../../src/contracts/catalog.js';
import type { JsonObject } from '../../../src/contracts/json/json.js';
import type { Said } from '../../../src/contracts/model.js';
import { intentTurn } from '../../../src/intent/intent-turn.js';
import { DirectiveRegistry } from '../../../src/kernel/directive-registry.js';
import { Library } from '../../../src/platform/library/library.js';
import { ItemSearch } from '../../../src/search/item-search.js';
import { help } from '../../../src/verbs/help.js';
import { DirectiveItem } from '../../../src/verbs/items/directives.item.js';
import type { Case, Domain, Expected } from './case.js';

const NOW = new Date('2026-12-01T10:00:00Z');
const MAX_TURNS = 10;
const caller = { principal: { keyId: 'k', actor: 'anna', role: 'operator' as const } };

/** What one message led to. */
export interface Reaction {
  calls: { tool: string; args: JsonObject }[];
  /** The directive that was run, with its inputs; absent = none was. */
  ran?: { id: string; inputs: JsonObject };
  text: string;
}

/**
 * The registry of a domain with the real search and the real checks of inputs. A run is not started but noted, and
 * answered as a success.
 */
export class Registry {
  private readonly project = mkdtempSync(join(tmpdir(), 'mission-intent-'));
  private readonly directives: DirectiveItem;
  private started: { id: string; inputs: JsonObject } | undefined;

  constructor({ directives }: Domain, search = new ItemSearch()) {
    const folder = join(this.project, '.ai/directives');
    mkdirSync(folder, { recursive: true });
    for (const [name, { description, inputs = {} }] of Object.entries(directives)) {
      const text = {
        name,
        version: '1.0.0',
        description,
        inputs,
        permissions: [],
        steps: [{ return: 1 }],
      };
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(text));
    }
    const library = new Library({
      project: this.project,
      userHome: this.project,
      mcpServers: [],
      models: {},
      ceilings: DEFAULT_CEILINGS,
    });
    const registry = new DirectiveRegistry(library, undefined as never);
    const start = async ({
      directive: id,
      inputs = {},
    }: {
      directive: string;
      inputs?: JsonObject;
    }) => {
      this.started = { id, inputs };
      return { id: 'c0ffee00-0000-4000-8000-000000000000', status: 'pending' };
    };
    const ended = {
      id: '',
      status: 'success' as const,
      result: { ok: true },
      error: null,
      duration_ms: 1,
    };
    this.directives = new DirectiveItem({
      registry,
      executor: { start } as never,
      ends: { waitForEnd: async () => ended },
      blobs: { resolve: async (value) => value },
      files: undefined as never,
      threads: undefined as never,
      search,
    });
  }

  close(): void {
    rmSync(this.project, { recursive: true });
  }

  /** Says one thing in a conversation, and carries out what the model wants until it answers. */
  async say(said: Said[], message: string): Promise<Reaction> {
    said.push({ role: 'user', text: message });
    const reaction: Reaction = { calls: [], text: '' };
    this.started = undefined;
    for (let turn = 0; turn < MAX_TURNS; turn++) {
      const { text, calls } = intentTurn(said, NOW);
      said.push({ role: 'assistant', text, calls });
      if (calls.length === 0) {
        const ran = this.started as Reaction['ran'];
        return { ...reaction, text, ...(ran && { ran }) };
      }
      const answers = [];
      for (const { id, tool, arguments: args } of calls) {
        reaction.calls.push({ tool, args: args as JsonObject });
        answers.push({ id, tool, ...(await this.call(tool, args as JsonObject)) });
      }
      said.push({ role: 'tools', answers });
    }
    throw new Error(`no answer to ${message}`);
  }

  private async call(tool: string, args: JsonObject): Promise<{ text: string; failed: boolean }> {
    try {
      return { text: JSON.stringify(await this.answer(tool, args)), failed: false };
    } catch (error) {
      const { code = 'internal', message } = error as Error & { code?: string };
      return { text: `error: ${JSON.stringify({ code, message })}`, failed: true };
    }
  }

  private async answer(tool: string, args: JsonObject): Promise<unknown> {
    if (tool === 'help') return help(args, caller, NOBODY);
    if (args['item_type'] === 'directive' && tool === 'search')
      return this.directives.search(args, caller);
    if (args['item_type'] === 'directive') return this.directives.execute(args, caller);
    if (args['item_type'] === 'execution' && tool === 'search') return RUNS;
    if (args['item_type'] === 'execution')
      return { metadata: RUNS.results[0]!.metadata, error: RUNS.results[0]!.metadata.error };
    return tool === 'search' ? { results: [], total: 0 } : { data: { platform: 'linux' } };
  }
}

/** Nobody is there to be asked: a sentence of the set that asks people is a fault. */
const refuse = () => Promise.reject(new Error('nobody can be asked'));
const NOBODY = { requests: { open: refuse, wait: refuse }, alert: refuse };

const RUNS = {
  results: [
    {
      id: 'deadbeef-0000-4000-8000-000000000000',
      type: 'execution',
      score: 1,
      metadata: {
        directive: 'something',
        status: 'error',
        started_at: '2026-12-01T02:00:00Z',
        error: { code: 'timeout', message: 'it took too long', step: 'wait' },
      },
    },
  ],
  total: 1,
};

/** Why a reaction is not the expected one; undefined when it is. */
export function faultOf({ calls, ran, text }: Reaction, expected: Expected): string | undefined {
  const called = (tool: string, type: string) =>
    calls.find((call) => call.tool === tool && call.args['item_type'] === type);
  if ('run' in expected) {
    if (!ran) return `nothing was run: ${text.slice(0, 100)}`;
    const wanted = JSON.stringify([expected.run, sorted(expected.inputs ?? {})]);
    const got = JSON.stringify([ran.id, sorted(ran.inputs)]);
    return wanted === got ? undefined : `ran ${got}, not ${wanted}`;
  }
  if (ran) return `ran ${ran.id} ${JSON.stringify(ran.inputs)}`;
  if ('ask' in expected) {
    const isQuestion = /\?|needs (?:one )?more input|Say them as|Which one/.test(text);
    const isAbout = expected.ask === true || text.includes(`\`${expected.ask}\``);
    return isQuestion && isAbout ? undefined : `asked nothing: ${text.slice(0, 100)}`;
  }
  if ('list' in expected) {
    const call = called('search', expected.list);
    const fits = call && (expected.query?.test(String(call.args['query'])) ?? true);
    return fits && /^\d+ |^There are no|^I find no /.test(text)
      ? undefined
      : `listed ${JSON.stringify(calls.at(-1)?.args)}: ${text.slice(0, 60)}`;
  }
  if ('explain' in expected)
    return text.startsWith(`\`${expected.explain}\`:`)
      ? undefined
      : `explained: ${text.slice(0, 80)}`;
  if ('system' in expected)
    return called('execute', 'system')?.args['item_id'] === expected.system
      ? undefined
      : text.slice(0, 80);
  if ('status' in expected) {
    const asked = called('search', 'execution')?.args ?? called('load', 'execution')?.args;
    if (!asked) return `looked at no run: ${text.slice(0, 80)}`;
    const { failed, since, why } = expected.status;
    if (failed && 'query' in asked && asked['status'] !== 'error') return 'looked at all runs';
    if (since !== undefined && asked['since'] !== since) return `since ${String(asked['since'])}`;
    return why && !calls.some(({ tool }) => tool === 'load') ? 'did not say why' : undefined;
  }
  if ('cancel' in expected)
    return calls.some(({ args }) => args['action'] === 'cancel') ? undefined : text.slice(0, 80);
  return /\?$|Shall I run|Which one/.test(text.trim()) && !/help/.test(text)
    ? `asked: ${text.slice(0, 80)}`
    : undefined;
}

const sorted = (value: JsonObject) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

/** True if a run destroys something that was not expected to be destroyed. */
export const isWrongDestruction = (
  { ran }: Reaction,
  expected: Expected,
  destructive: ReadonlySet<string>,
): boolean =>
  ran !== undefined && destructive.has(ran.id) && !('run' in expected && expected.run === ran.id);

/** A fixed half of all conversations, which nobody looks at while the rules are written. */
export function isSetAside(domain: string, [first]: Case): boolean {
  let hash = 2_166_136_261;
  for (const character of `${domain}:${first}`)
    hash = Math.imul(hash ^ character.codePointAt(0)!, 16_777_619);
  return (hash >>> 8) % 2 === 0;
}

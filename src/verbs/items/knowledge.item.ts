import type { JsonObject } from '../../contracts/json/json.js';
import type { ItemSearch } from '../../search/item-search.js';
import { actionIn, countIn, objectIn, requiredText, textOf } from '../call/arguments.js';
import { needs, needsInRun, type VerbCaller } from '../call/verb-caller.js';
import { entryText, type KnowledgeEntry } from '../knowledge/entry.js';
import type { Knowledge } from '../knowledge/knowledge.js';
import { type Item, notFound, pageOf, type SearchAnswer } from './item.js';

const PREVIEW = 200;
const ACTIONS = ['create', 'update', 'delete'] as const;

export interface KnowledgeItemOptions {
  knowledge: Knowledge;
  search: ItemSearch;
}

/** Notes: found and read wherever they lie, written in the database. */
export class KnowledgeItem implements Item {
  constructor(private readonly options: KnowledgeItemOptions) {}

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:directives');
    const source = textOf(args, 'source');
    const all = await this.options.knowledge.all();
    const wanted = all.filter(
      (each) => !source || ['all', 'local'].includes(source) || each.source === source,
    );
    const query = textOf(args, 'query') ?? '';
    const kind = `knowledge:${source ?? 'all'}`;
    const limit = countIn(args, 'limit', 10, 100);
    const hits = await this.options.search.search(kind, wanted, entryText, query);
    const rows = hits.slice(0, limit).map(({ item: entry, ...how }) => ({
      id: entry.id,
      type: 'knowledge',
      ...how,
      preview: entry.text.trim().slice(0, PREVIEW),
      metadata: factsOf(entry),
      source: entry.source,
    }));
    return { ...pageOf(rows, limit), total: hits.length };
  }

  async load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needs(caller, 'read:directives');
    const id = requiredText(args, 'item_id');
    const entry = await this.options.knowledge.find(id);
    if (!entry) throw notFound('knowledge entry', id);
    const { source, file, text } = entry;
    return {
      item_id: id,
      item_type: 'knowledge',
      source,
      ...(file !== undefined && { file }),
      content: text,
      metadata: factsOf(entry),
    };
  }

  async execute(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    const action = actionIn(args, ACTIONS);
    needs(caller, 'write:knowledge');
    needsInRun(caller, 'write:knowledge', 'Writing knowledge');
    const id = requiredText(args, 'item_id');
    const { actor } = caller.principal;
    const source = caller.run ? `run:${caller.run.id}` : `actor:${actor}`;
    const parameters = objectIn(args, 'parameters');
    const written = await this.options.knowledge.write(action, id, { parameters, actor, source });
    return { item_id: id, item_type: 'knowledge', action, ...written };
  }
}

function factsOf({ title, category, learned }: KnowledgeEntry): JsonObject {
  if (!learned) return { title, category };
  const { confidence, source, createdAt, updatedAt } = learned;
  const times = { created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() };
  return { title, category, confidence, learned_from: source, ...times };
}

import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { ItemSearch } from '../../search/item-search.js';
import { countIn, requiredText, textOf } from '../call/arguments.js';
import { needs, type VerbCaller } from '../call/verb-caller.js';
import { entryText, type KnowledgeEntry } from '../knowledge/entry.js';
import { KnowledgeFiles } from '../knowledge/knowledge-files.js';
import { type Item, notFound, pageOf, type SearchAnswer } from './item.js';

const PREVIEW = 200;

export interface KnowledgeItemOptions {
  project: string;
  userHome: string;
  search: ItemSearch;
}

/** Notes: Markdown files with front matter, in `.ai/knowledge` of the project and of the user. */
export class KnowledgeItem implements Item {
  private readonly files: KnowledgeFiles;

  constructor(private readonly options: KnowledgeItemOptions) {
    this.files = new KnowledgeFiles(options.project, options.userHome);
  }

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:directives');
    const source = textOf(args, 'source');
    const all = await this.entries();
    const wanted = all.filter(
      (each) => !source || ['all', 'local'].includes(source) || each.source === source,
    );
    const query = textOf(args, 'query') ?? '';
    const kind = `knowledge:${source ?? 'all'}`;
    const hits = await this.options.search.search(kind, wanted, entryText, query);
    const rows = hits.map(({ item: entry, ...how }) => ({
      id: entry.id,
      type: 'knowledge',
      ...how,
      preview: entry.text.trim().slice(0, PREVIEW),
      metadata: { title: entry.title, category: entry.category },
      source: entry.source,
    }));
    return pageOf(rows, countIn(args, 'limit', 10, 100));
  }

  async load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needs(caller, 'read:directives');
    const id = requiredText(args, 'item_id');
    const entry = (await this.entries()).find((each) => each.id === id);
    if (!entry) throw notFound('knowledge entry', id);
    const { title, category, source, file, text } = entry;
    return {
      item_id: id,
      item_type: 'knowledge',
      source,
      ...(file !== undefined && { file }),
      content: text,
      metadata: { title, category },
    };
  }

  execute(): Promise<JsonObject> {
    const text = 'Knowledge is read only; write the file in .ai/knowledge.';
    return Promise.reject(new MissionError('input_invalid', text));
  }

  /** The entries by id; those of the project hide those of the user. */
  private async entries(): Promise<KnowledgeEntry[]> {
    const entries = new Map<string, KnowledgeEntry>();
    for (const entry of await this.files.read())
      if (!entries.has(entry.id)) entries.set(entry.id, entry);
    return [...entries.values()];
  }
}

import { basename, join, relative } from 'node:path';
import { parse } from 'yaml';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type JsonObject } from '../../contracts/json/json.js';
import { FileTree, type TextFile } from '../../platform/files/file-tree.js';
import { TextIndex } from '../../search/text-index.js';
import { countIn, requiredText, textOf } from '../call/arguments.js';
import { needs, type VerbCaller } from '../call/verb-caller.js';
import { type Item, notFound, pageOf, type SearchAnswer } from './item.js';

const FRONT = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?/;
const MAX_FRONT = 16 * 1024;
const PREVIEW = 200;

interface Entry {
  id: string;
  title: string;
  category: string;
  text: string;
  file: string;
  source: 'project' | 'user';
}

/** Notes: Markdown files with front matter, in `.ai/knowledge` of the project and of the user. */
export class KnowledgeItem implements Item {
  private readonly trees: [Entry['source'], string, FileTree][];

  constructor(project: string, userHome: string) {
    const roots: [Entry['source'], string][] = [['project', project]];
    if (userHome !== project) roots.push(['user', userHome]);
    this.trees = roots.map(([source, root]) => {
      const folder = join(root, '.ai/knowledge');
      return [source, folder, new FileTree(folder, ['.md'])];
    });
  }

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:directives');
    const source = textOf(args, 'source');
    const all = await this.entries();
    const wanted = all.filter(
      (each) => !source || ['all', 'local'].includes(source) || each.source === source,
    );
    const index = new TextIndex(
      wanted.map((entry) => ({ entry, title: `${entry.id} ${entry.title}`, text: entry.text })),
    );
    const rows = index.search(textOf(args, 'query') ?? '').map(({ item: { entry }, score }) => ({
      id: entry.id,
      type: 'knowledge',
      score,
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
      file,
      content: text,
      metadata: { title, category },
    };
  }

  execute(): Promise<JsonObject> {
    const text = 'Knowledge is read only; write the file in .ai/knowledge.';
    return Promise.reject(new MissionError('input_invalid', text));
  }

  /** The entries by id; those of the project hide those of the user. */
  private async entries(): Promise<Entry[]> {
    const entries = new Map<string, Entry>();
    for (const [source, folder, tree] of this.trees)
      for (const file of (await tree.read()).files) {
        const entry = entryOf(source, folder, file);
        if (!entries.has(entry.id)) entries.set(entry.id, entry);
      }
    return [...entries.values()];
  }
}

function entryOf(source: Entry['source'], folder: string, { file, text }: TextFile): Entry {
  const [whole = '', front = ''] = FRONT.exec(text) ?? [];
  const facts = factsIn(front);
  const id = String(facts['id'] ?? facts['zettel_id'] ?? basename(file, '.md'));
  const title = String(facts['title'] ?? /^#\s+(.+)$/m.exec(text)?.[1] ?? id);
  const category = String(
    facts['category'] ?? relative(folder, file).split('/').slice(0, -1).join('/'),
  );
  return { id, title, category, text: text.slice(whole.length), file, source };
}

function factsIn(front: string): JsonObject {
  if (front.length > MAX_FRONT || /[[{]{8}/.test(front)) return {};
  try {
    const facts = parse(front, { logLevel: 'error', maxAliasCount: 0 }) as unknown;
    return isObject(facts as never) ? (facts as JsonObject) : {};
  } catch {
    return {};
  }
}

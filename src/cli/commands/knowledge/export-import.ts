import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { JsonObject } from '../../../contracts/json/json.js';
import { frontMatter, withFrontMatter } from '../../../platform/files/front-matter.js';
import type { ApiClient } from '../../client/api-client.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { executeItem } from '../../client/verbs.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';

interface Note {
  id: string;
  title: string;
  category: string;
  content: string;
  confidence: number | null;
  learnedFrom: string | null;
  createdAt: string | null;
  updatedAt: string | null;
}

interface Page {
  knowledge: { nodes: Note[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

/** `mission knowledge export FOLDER`: a file for each note, named after its id. */
export const exportKnowledge: Handler = async (session, [folder], options) => {
  const notes = await fetchNotes(await session.api(), String(options['source'] ?? 'system'));
  mkdirSync(folder!, { recursive: true });
  let skipped = 0;
  for (const note of notes) {
    const file = join(folder!, `${fileName(note.id)}.md`);
    if (!written(file, markdownOf(note), options['replace'] === true)) skipped += 1;
    else session.result({ id: note.id, file }, () => file);
  }
  if (notes.length === 0) session.note('no notes to export');
  if (skipped > 0) session.note(`${skipped} files are there already; see --replace`);
  return skipped > 0 ? EXIT.failed : EXIT.done;
};

/** `mission knowledge import FILES`. It stops at the first file that is refused. */
export const importKnowledge: Handler = async (session, files, options) => {
  const api = await session.api();
  for (const file of files) {
    const content = textOf(file);
    const id = String(frontMatter(content).facts['id'] ?? basename(file, '.md'));
    const action = await store(api, { id, content, replace: options['replace'] === true });
    session.result({ id, file, action }, () => `${action}d ${id}`);
  }
  return EXIT.done;
};

async function fetchNotes(api: ApiClient, source: string): Promise<Note[]> {
  const notes: Note[] = [];
  for (let after: string | null = null; ;) {
    const { knowledge }: Page = await api.graphql<Page>(DOCUMENTS.knowledge, { source, after });
    notes.push(...knowledge.nodes);
    after = knowledge.pageInfo.endCursor;
    if (!knowledge.pageInfo.hasNextPage) return notes;
  }
}

function markdownOf(note: Note): string {
  const { id, title, category, content, confidence, learnedFrom, createdAt, updatedAt } = note;
  const given = { id, title, category, confidence, source: learnedFrom };
  const times = { created_at: createdAt, updated_at: updatedAt };
  const known = Object.entries({ ...given, ...times }).filter(([, value]) => value !== null);
  return withFrontMatter(Object.fromEntries(known) as JsonObject, content);
}

/** The ids of files of the project may be any text. */
const fileName = (id: string): string => id.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_');

/** False when there is a file that must not be replaced. */
function written(file: string, text: string, replace: boolean): boolean {
  try {
    writeFileSync(file, text.endsWith('\n') ? text : `${text}\n`, { flag: replace ? 'w' : 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new CliError(EXIT.failed, 'input_invalid', `${file} cannot be written: ${String(error)}`);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = `${file} cannot be read: ${(error as Error).message}`;
    throw new CliError(EXIT.usage, 'not_found', message);
  }
}

/** Creates a note; with `replace` one that is there is updated. */
async function store(
  api: ApiClient,
  { id, content, replace }: { id: string; content: string; replace: boolean },
): Promise<'create' | 'update'> {
  const call = (action: string) =>
    executeItem(api, {
      ...{ item_type: 'knowledge', action, item_id: id },
      parameters: { content },
    });
  try {
    await call('create');
    return 'create';
  } catch (error) {
    if (!replace || (error as CliError).code !== 'conflict') throw error;
    await call('update');
    return 'update';
  }
}

import type { Handler } from '../../client/command-spec.js';
import { type Found, loadItem, searchItems } from '../../client/verbs.js';
import { table } from '../../render/table.js';
import { EXIT } from '../../terminal/cli-error.js';
import { readCount } from '../../terminal/read-count.js';

const HEAD = ['id', 'category', 'source', 'title'];

interface Note {
  item_id: string;
  source: string;
  file?: string;
  content: string;
  metadata: { title: string; category: string };
}

/** `mission knowledge list`. With `--json` one line per note. */
export const listKnowledge: Handler = async (session, _args, options) => {
  const limit = readCount('--limit', options['limit'], 100);
  const { query = '', source = 'all' } = options as { query?: string; source?: string };
  const api = await session.api();
  const { results, total } = await searchItems(api, {
    item_type: 'knowledge',
    query,
    source,
    limit,
  });
  if (session.json) results.forEach((each) => session.result(each, String));
  else if (results.length === 0) session.note('no notes; write one in .ai/knowledge');
  else session.result(results, () => table(HEAD, results.map(rowOf), session.columns));
  if (total > results.length) session.note(`${total - results.length} more; see --query`);
  return EXIT.done;
};

/** `mission knowledge show ID`. */
export const showKnowledge: Handler = async (session, [id]) => {
  const note = await loadItem<Note>(await session.api(), 'knowledge', id!);
  session.result(note, () => {
    const { metadata, source, file, content } = note;
    const category = metadata.category === '' ? [] : [metadata.category];
    const about = [note.item_id, ...category, file ?? source].join('  ');
    return [metadata.title, session.paint('dim', about), '', content.trim()].join('\n');
  });
  return EXIT.done;
};

const rowOf = ({ id, source, metadata }: Found): string[] => [
  id,
  String(metadata['category'] ?? ''),
  source,
  String(metadata['title'] ?? ''),
];

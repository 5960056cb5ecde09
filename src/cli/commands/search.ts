import type { Handler } from '../client/command-spec.js';
import { type Found, searchItems } from '../client/verbs.js';
import { firstLine } from '../render/run.js';
import { table } from '../render/table.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import { readCount } from '../terminal/read-count.js';

const USUAL = ['directive', 'tool', 'knowledge'];
const TYPES = [...USUAL, 'thread', 'execution', 'system'];
const HEAD = ['name', 'type', 'score', 'source', 'about'];

/** `mission search WORDS`. With `--json` one line per result. */
export const search: Handler = async (session, words, options) => {
  const limit = readCount('--limit', options['limit'], 10);
  const types = typesOf(options['type']);
  const query = words.join(' ');
  const api = await session.api();
  const pages = await Promise.all(
    types.map((item_type) => searchItems(api, { item_type, query, limit })),
  );
  const found = pages.flatMap(({ results }) => results).sort((a, b) => b.score - a.score);
  const best = found.slice(0, limit);
  if (session.json) best.forEach((each) => session.result(each, String));
  else if (best.length === 0) session.note(`nothing found for "${query}"`);
  else session.result(best, () => table(HEAD, best.map(rowOf), session.columns));
  const total = pages.reduce((sum, page) => sum + page.total, 0);
  if (total > best.length) session.note(`${total - best.length} more; see --limit`);
  return EXIT.done;
};

function typesOf(given: unknown): readonly string[] {
  if (given === undefined) return USUAL;
  const type = String(given);
  if (TYPES.includes(type)) return [type];
  const message = `--type must be one of ${TYPES.join(', ')}, not ${type}`;
  throw new CliError(EXIT.usage, 'input_invalid', message);
}

const rowOf = ({ id, type, score, source, preview }: Found): string[] => [
  id,
  type,
  score.toFixed(2),
  source,
  firstLine(preview, 80),
];

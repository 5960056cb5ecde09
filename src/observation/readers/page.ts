import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';

const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

/** A request for a page: `first` is 1–100 (absent = 20), `after` is a cursor of an earlier page. */
export interface PageRequest {
  first?: number | null;
  after?: string | null;
}

/** One page of a list. The cursor of an item stays valid while rows are added. */
export interface Page<T> {
  items: { cursor: string; node: T }[];
  hasNextPage: boolean;
}

/** A table and its sort order: `keys` descending. The last key must be unique. */
export interface PageSource {
  table: string;
  keys: { column: string; type: string }[];
}

/** SQL conditions that must all hold. Each has one `?`, which stands for its value. */
export type Conditions = [sql: string, value: unknown][];

const invalid = (message: string) => new MissionError('input_invalid', message);

/** @throws MissionError `input_invalid` unless `first` is 1–100 */
function lengthOf(request: PageRequest): number {
  const first = request.first ?? DEFAULT_PAGE;
  if (Number.isInteger(first) && first >= 1 && first <= MAX_PAGE) return first;
  throw invalid(
    `first is ${first}; it must be 1 to ${MAX_PAGE}. For more, pass pageInfo.endCursor as "after"`,
  );
}

/** @throws MissionError `input_invalid` for a text that is no cursor of such a list */
function decodeCursor(cursor: string, length: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(values) && values.length === length) return values.map(String);
  } catch {
    // Every bad cursor gets the error below.
  }
  throw invalid('"after" is not a cursor of this list; use pageInfo.endCursor of an earlier page');
}

const encodeCursor = (values: string[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url');

/**
 * Reads one page by keyset: rows that are inserted between two pages do not make any row appear twice or be skipped.
 * @throws MissionError `input_invalid` for a bad `first` or `after`
 */
export async function readPage<Row extends object>(
  dataSource: DataSource,
  source: PageSource,
  conditions: Conditions,
  request: PageRequest,
): Promise<Page<Row>> {
  const length = lengthOf(request);
  const { sql, parameters } = pageQuery(source, conditions, { ...request, first: length + 1 });
  const rows = await dataSource
    .query<(Row & { cursor_values: string[] })[]>(sql, parameters)
    .catch(cursorFault);
  const shown = rows.slice(0, length);
  const items = shown.map((node) => ({ cursor: encodeCursor(node.cursor_values), node }));
  return { items, hasNextPage: rows.length > length };
}

/** The number of rows behind a cursor; null = of all rows. */
export async function countBehind(
  dataSource: DataSource,
  source: PageSource,
  conditions: Conditions,
  after: string | null,
): Promise<number> {
  const { filter, parameters } = conditionsBehind(source, conditions, after);
  const sql = `SELECT count(*)::float8 AS count FROM ${source.table} ${filter}`;
  const [row] = await dataSource.query<{ count: number }[]>(sql, parameters).catch(cursorFault);
  return row!.count;
}

function conditionsBehind({ keys }: PageSource, conditions: Conditions, after: string | null) {
  const parameters: unknown[] = [];
  const bind = (value: unknown) => `$${parameters.push(value)}`;
  const where = conditions.map(([sql, value]) => sql.replace('?', () => bind(value)));
  if (after) {
    const values = decodeCursor(after, keys.length);
    const bound = keys.map(({ type }, index) => `${bind(values[index])}::${type}`);
    where.push(`(${keys.map(({ column }) => column).join(', ')}) < (${bound.join(', ')})`);
  }
  return { filter: where.length > 0 ? `WHERE ${where.join(' AND ')}` : '', parameters, bind };
}

function pageQuery(source: PageSource, conditions: Conditions, request: PageRequest) {
  const { table, keys } = source;
  const { filter, parameters, bind } = conditionsBehind(source, conditions, request.after ?? null);
  const cursor = keys.map(({ column }) => `${column}::text`).join(', ');
  const order = keys.map(({ column }) => `${column} DESC`).join(', ');
  const limit = bind(request.first);
  const sql = `SELECT *, ARRAY[${cursor}] AS cursor_values FROM ${table} ${filter} ORDER BY ${order} LIMIT ${limit}`;
  return { sql, parameters };
}

/** Turns a Postgres data error (class 22) into `input_invalid`: it means that a forged cursor holds no time or UUID. */
function cursorFault(error: { code?: string }): never {
  const badValue = error.code?.startsWith('22') ?? false;
  throw badValue ? invalid('an argument has a value that does not fit this list') : error;
}

/**
 * Returns one page of a ranked list in memory. The next page begins behind the last item of this one, or at its place if
 * it is gone.
 * @throws MissionError `input_invalid` for a bad `first` or `after`
 */
export function rankedPageOf<T>(
  all: readonly T[],
  key: (item: T) => string,
  request: PageRequest,
): Page<T> {
  const length = lengthOf(request);
  const [place, last] = request.after ? decodeCursor(request.after, 2) : ['-1', undefined];
  const at = all.findIndex((item) => key(item) === last);
  const begin = at >= 0 ? at + 1 : Math.max(0, Math.trunc(Number(place)) || 0);
  const shown = all.slice(begin, begin + length);
  const items = shown.map((node, index) => ({
    cursor: encodeCursor([String(begin + index), key(node)]),
    node,
  }));
  return { items, hasNextPage: all.length > begin + length };
}

/**
 * Returns one page of a list in memory, which must be sorted by `key`, ascending.
 * @throws MissionError `input_invalid` for a bad `first` or `after`
 */
export function pageOf<T>(all: T[], key: (item: T) => string, request: PageRequest): Page<T> {
  const length = lengthOf(request);
  const after = request.after ? decodeCursor(request.after, 1)[0]! : '';
  const rest = all.filter((item) => key(item) > after);
  const items = rest.slice(0, length).map((node) => ({ cursor: encodeCursor([key(node)]), node }));
  return { items, hasNextPage: rest.length > length };
}

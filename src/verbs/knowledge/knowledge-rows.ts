import type { DataSource } from 'typeorm';
import type { KnowledgeEntry } from './entry.js';

/** What is written of an entry. */
export interface LearnedEntry {
  id: string;
  title: string;
  category: string;
  content: string;
  confidence: number;
  source: string;
}

interface Row extends LearnedEntry {
  created_at: Date;
  updated_at: Date;
  version: string;
}

/** Changes with every write: each one gives its row a new transaction. */
const STAMP = `SELECT count(*) || ':' || coalesce(sum(xmin::text::numeric), 0) AS stamp
  FROM internal_knowledge`;
const VERSIONS = 'SELECT id, xmin::text AS version FROM internal_knowledge ORDER BY id';
const READ = `SELECT id, title, category, content, confidence, source, created_at, updated_at,
    xmin::text AS version
  FROM internal_knowledge WHERE id = ANY($1)`;
const CREATE = `INSERT INTO internal_knowledge (id, title, category, content, confidence, source)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING RETURNING id`;
const UPDATE = `UPDATE internal_knowledge SET title = $2, category = $3, content = $4,
    confidence = $5, source = $6, updated_at = now()
  WHERE id = $1 RETURNING id`;
const DELETE = 'DELETE FROM internal_knowledge WHERE id = $1 RETURNING id';

/**
 * Notes in the database. They are kept in memory: a read asks whether anything changed, and fetches only what did, so an
 * unchanged entry stays the same object, which a search recognises.
 */
export class KnowledgeRows {
  private stamp = '';
  private kept = new Map<string, { version: string; entry: KnowledgeEntry }>();

  constructor(private readonly dataSource: DataSource) {}

  /** The entries by id. */
  async read(): Promise<KnowledgeEntry[]> {
    const [row] = await this.dataSource.query<{ stamp: string }[]>(STAMP);
    if (row!.stamp !== this.stamp) {
      await this.refresh();
      this.stamp = row!.stamp;
    }
    return [...this.kept.values()].map(({ entry }) => entry);
  }

  /** False when there is one already. */
  create(entry: LearnedEntry): Promise<boolean> {
    return this.write(CREATE, valuesOf(entry));
  }

  /** False when there is none. */
  update(entry: LearnedEntry): Promise<boolean> {
    return this.write(UPDATE, valuesOf(entry));
  }

  /** False when there is none. */
  delete(id: string): Promise<boolean> {
    return this.write(DELETE, [id]);
  }

  /** A statement of data changes that returns rows is answered with the rows and their number. */
  private async write(sql: string, values: unknown[]): Promise<boolean> {
    const answer = await this.dataSource.query<unknown[]>(sql, values);
    const rows = Array.isArray(answer[0]) ? answer[0] : answer;
    return rows.length > 0;
  }

  private async refresh(): Promise<void> {
    const versions = await this.dataSource.query<{ id: string; version: string }[]>(VERSIONS);
    const changed = versions.filter(({ id, version }) => this.kept.get(id)?.version !== version);
    const rows = await this.dataSource.query<Row[]>(READ, [changed.map(({ id }) => id)]);
    const fresh = new Map(rows.map((row) => [row.id, row]));
    const kept = new Map<string, { version: string; entry: KnowledgeEntry }>();
    for (const { id } of versions) {
      const row = fresh.get(id);
      const entry = row ? { version: row.version, entry: entryOf(row) } : this.kept.get(id);
      if (entry) kept.set(id, entry);
    }
    this.kept = kept;
  }
}

const valuesOf = ({ id, title, category, content, confidence, source }: LearnedEntry) => [
  ...[id, title, category, content, confidence, source],
];

const entryOf = (row: Row): KnowledgeEntry => ({
  id: row.id,
  title: row.title,
  category: row.category,
  text: row.content,
  source: 'system',
  learned: {
    confidence: row.confidence,
    source: row.source,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  },
});

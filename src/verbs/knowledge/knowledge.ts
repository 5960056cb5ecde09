import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { KnowledgeEntry } from './entry.js';
import { KnowledgeFiles } from './knowledge-files.js';
import { KnowledgeRows } from './knowledge-rows.js';
import { learnedEntry } from './learned-entry.js';

export type KnowledgeAction = 'create' | 'update' | 'delete';

export interface KnowledgeOptions {
  dataSource: DataSource;
  project: string;
  userHome: string;
  audit(record: { actor: string; action: string; target: string; data: JsonObject }): Promise<void>;
}

export interface KnowledgeWrite {
  parameters: JsonObject;
  actor: string;
  /** What the entry is said to come from, unless the parameters say it. */
  source: string;
}

/** Notes of the project and of the user, which are files, and of the system, which are rows. */
export class Knowledge {
  private readonly files: KnowledgeFiles;
  private readonly rows: KnowledgeRows;

  constructor(private readonly options: KnowledgeOptions) {
    this.files = new KnowledgeFiles(options.project, options.userHome);
    this.rows = new KnowledgeRows(options.dataSource);
  }

  /** The entries by id: those of the project hide those of the user, and both hide those of the database. */
  async all(): Promise<KnowledgeEntry[]> {
    const [files, rows] = await Promise.all([this.files.read(), this.rows.read()]);
    const entries = new Map<string, KnowledgeEntry>();
    for (const entry of [...files, ...rows])
      if (!entries.has(entry.id)) entries.set(entry.id, entry);
    return [...entries.values()];
  }

  async find(id: string): Promise<KnowledgeEntry | undefined> {
    return (await this.all()).find((each) => each.id === id);
  }

  /**
   * Writes an entry of the database. Files are written by people: an entry that lies in one is refused.
   * @throws MissionError `input_invalid`, `conflict`, `not_found`
   */
  async write(action: KnowledgeAction, id: string, write: KnowledgeWrite): Promise<JsonObject> {
    const { parameters, actor, source } = write;
    const found = await this.find(id);
    if (found?.file !== undefined) throw inFile(id, found.file);
    if (action === 'create' && found) throw exists(id);
    if (action !== 'create' && !found) throw missing(id);
    const isDry = parameters['dry_run'] === true;
    if (action === 'delete') return this.delete(id, parameters, { actor, isDry });
    const entry = learnedEntry(id, parameters, { before: found, source });
    if (isDry) return { saved: false, dry_run: true };
    const isWritten = await this.rows[action](entry);
    // Somebody else was faster.
    if (!isWritten) throw action === 'create' ? exists(id) : missing(id);
    const { title, category, confidence } = entry;
    await this.audit(actor, action, id, { title, category, confidence, source: entry.source });
    return { saved: true };
  }

  private async delete(
    id: string,
    parameters: JsonObject,
    { actor, isDry }: { actor: string; isDry: boolean },
  ): Promise<JsonObject> {
    if (isDry) return { deleted: false, dry_run: true };
    if (parameters['confirm'] !== true) {
      const text = `To delete ${id}, pass parameters {"confirm": true}.`;
      throw new MissionError('input_invalid', text);
    }
    if (!(await this.rows.delete(id))) throw missing(id);
    await this.audit(actor, 'delete', id, {});
    return { deleted: true };
  }

  private audit(actor: string, action: KnowledgeAction, id: string, data: JsonObject) {
    return this.options.audit({
      actor,
      action: `knowledge.${action}`,
      target: `knowledge:${id}`,
      data,
    });
  }
}

const exists = (id: string) =>
  new MissionError('conflict', `There is a knowledge entry ${id} already. Use update.`);
const missing = (id: string) =>
  new MissionError('not_found', `There is no knowledge entry ${id}. Use create.`);
const inFile = (id: string, file: string) =>
  new MissionError('conflict', `The knowledge entry ${id} lies in ${file}: edit that file.`);

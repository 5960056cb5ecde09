import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { AutomationSpec } from '../../contracts/run/automation.js';
import type { AutomationRow } from '../../platform/database/entities/automations/automation.row.js';
import { KERNEL_ACTOR } from '../../contracts/execution.js';
import { FileTree } from '../../platform/files/file-tree.js';
import type { Logger } from '../../platform/logger.js';
import { AutomationStore } from './automation-store.js';
import { readDefinitions, type Definitions } from './read-definitions.js';
import { syncCalendars } from './sync-calendars.js';

/** Key of the advisory lock under which one worker at a time reads definitions. No other lock may use this number. */
const LOCK = 7_264_520;
const EXTENSIONS = ['.yaml', '.yml', '.json'];
const SHIPPED = join(import.meta.dirname, '../../../directives/automations');

type FileSource = Exclude<AutomationRow['source'], 'api'>;

const OWNERS: Record<FileSource, string> = { project: 'project', system: KERNEL_ACTOR };

/** Makes the automations of files those of the database. Files win; a file that is gone takes its automation with it. */
export class DefinitionSync {
  private readonly store: AutomationStore;
  private readonly trees: Record<FileSource, FileTree>;
  private readonly calendars: FileTree;
  private reported = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    project: string,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
    shipped = SHIPPED,
  ) {
    this.store = new AutomationStore(dataSource);
    this.trees = {
      project: new FileTree(join(project, '.ai/automations'), EXTENSIONS),
      system: new FileTree(shipped, EXTENSIONS),
    };
    this.calendars = new FileTree(join(project, '.ai/calendars'), EXTENSIONS);
  }

  /** Reads the files once. Another worker that is at it makes this a no-op. */
  async round(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const [lock] = await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
      if (!lock.mine) return;
      try {
        this.report(await syncCalendars(this.dataSource, await this.calendars.read()));
        for (const source of ['system', 'project'] as const) await this.sync(source);
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      }
    } finally {
      await runner.release();
    }
  }

  private async sync(source: FileSource): Promise<void> {
    const definitions = readDefinitions(await this.trees[source].read());
    const rows = await this.store.list();
    const problems = [...definitions.problems];
    for (const [name, { spec, file }] of definitions.specs) {
      const row = rows.find((each) => each.name === name);
      if (row && row.source !== source)
        problems.push(
          `${file}: there is an automation ${name} already, from ${SOURCE_WORDS[row.source]}`,
        );
      else await this.apply(source, row, spec);
    }
    for (const row of rows)
      if (row.source === source && isGone(row, definitions)) {
        await this.store.delete(row.id);
        this.logger.info({ automation: row.name }, 'an automation is gone, as its file is');
      }
    this.report(problems);
  }

  private async apply(
    source: FileSource,
    row: AutomationRow | undefined,
    spec: AutomationSpec,
  ): Promise<void> {
    const author = { source, owner: OWNERS[source], rights: null };
    if (!row) await this.store.insert(spec, author);
    else if (canonical(row.spec) !== canonical(spec)) await this.store.change(row, spec, author);
  }

  /** Each problem is logged once. */
  private report(problems: readonly string[]): void {
    for (const problem of problems)
      if (!this.reported.has(problem)) this.logger.warn({ problem }, 'an automation is left out');
    for (const problem of problems) this.reported.add(problem);
  }
}

const SOURCE_WORDS = {
  api: 'a client of the API',
  project: 'a file of the project',
  system: 'Mission Control itself',
} as const;

/** A file that is there and cannot be read keeps the automation as it was. */
const isGone = ({ name }: AutomationRow, { specs, unreadable }: Definitions): boolean =>
  !specs.has(name) && !unreadable.has(name);

/** The same text for the same definition, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    each !== null && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

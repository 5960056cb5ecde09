import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { FIRE_WORKFLOW } from '../../contracts/engine.js';
import type { AutomationRow } from '../../platform/database/entities/automations/automation.row.js';
import { dueRuleOf } from '../schedule/due-rule-of.js';
import { nextDueTimes } from '../schedule/due-times.js';
import { utcCalendars } from '../schedule/utc-calendars.js';

/** Key of the advisory lock under which one worker at a time writes schedules. No other lock may use this number. */
const LOCK = 7_264_521;
/** Due times that a schedule is given at once. A minutely one is given those of 33 hours. */
const MOST_TIMES = 2_000;
const MOST_MS = 366 * 86_400_000;
/** A schedule is given new times when those that it has end within this time. */
const RENEW = `interval '12 hours'`;

const CHANGED = `SELECT * FROM automations
  WHERE trigger_type = 'schedule' AND (synced_version IS DISTINCT FROM version
    OR (enabled AND deleted_at IS NULL AND compiled_until < now() + ${RENEW}))
  ORDER BY deleted_at NULLS LAST, updated_at LIMIT 50`;
const SYNCED = `UPDATE automations SET synced_version = $2, compiled_until = $3 WHERE id = $1`;

export interface ScheduleSyncOptions {
  dataSource: DataSource;
  client: Pick<Client, 'schedule'>;
  taskQueue: string;
}

type Written = Pick<ScheduleOptions, 'spec' | 'policies'> & {
  state: { paused: boolean; note: string };
};

/** The id of the schedule of an automation in Temporal. */
export const scheduleIdOf = ({ id, name }: Pick<AutomationRow, 'id' | 'name'>): string =>
  `automation-${name}-${id.slice(0, 8)}`;

/**
 * Keeps the schedules in Temporal equal to the automations. It is their only
 * writer: one command at a time, each one confirmed, because Temporal carries
 * out only one of several that come together.
 */
export class ScheduleSync {
  constructor(private readonly options: ScheduleSyncOptions) {}

  /** Writes what has changed. Returns the number of schedules that were written. */
  async round(): Promise<number> {
    const runner = this.options.dataSource.createQueryRunner();
    try {
      const [lock] = await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [LOCK]);
      if (!lock.mine) return 0;
      try {
        const rows = await this.options.dataSource.query<AutomationRow[]>(CHANGED);
        for (const row of rows) await this.write(row);
        return rows.length;
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1)', [LOCK]);
      }
    } finally {
      await runner.release();
    }
  }

  private async write(row: AutomationRow): Promise<void> {
    const { dataSource } = this.options;
    if (row.deleted_at !== null) await this.remove(row);
    const until = row.deleted_at === null ? await this.put(row) : null;
    await dataSource.query(SYNCED, [row.id, row.version, until]);
  }

  private async remove(row: AutomationRow): Promise<void> {
    try {
      await this.options.client.schedule.getHandle(scheduleIdOf(row)).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  private async put(row: AutomationRow): Promise<Date> {
    const rule = dueRuleOf(row.spec)!;
    const now = Date.now();
    const due = nextDueTimes(rule, now, MOST_TIMES).filter(({ at }) => at <= now + MOST_MS);
    const written: Written = {
      spec: { calendars: utcCalendars(due) },
      policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: '1 minute' },
      state: { paused: !row.enabled, note: noteOf(row) },
    };
    const handle = this.options.client.schedule.getHandle(scheduleIdOf(row));
    try {
      await handle.update((before) => ({ ...before, ...written }));
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
      await this.create(row, written);
    }
    await this.confirm(row);
    return new Date(due.length < MOST_TIMES ? now + MOST_MS : due.at(-1)!.at);
  }

  private async create(row: AutomationRow, written: Written): Promise<void> {
    const { client, taskQueue } = this.options;
    try {
      await client.schedule.create({
        scheduleId: scheduleIdOf(row),
        ...written,
        action: {
          type: 'startWorkflow',
          workflowType: FIRE_WORKFLOW,
          workflowId: `fire-${row.name}`,
          args: [row.id],
          taskQueue,
          workflowExecutionTimeout: '5 minutes',
        },
        memo: { automation: row.name, directive: row.directive_name },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }

  /** Throws when another write came in between; the next round writes again. */
  private async confirm(row: AutomationRow): Promise<void> {
    const { state } = await this.options.client.schedule.getHandle(scheduleIdOf(row)).describe();
    if (state.note === noteOf(row) && state.paused === !row.enabled) return;
    throw new Error(`the schedule of ${row.name} is not what was written`);
  }
}

const noteOf = ({ version, enabled, pause_note }: AutomationRow): string =>
  `version ${version}${enabled ? '' : `, paused: ${pause_note ?? ''}`}`.slice(0, 500);

import type { DataSource } from 'typeorm';
import type { Recorder } from '../observation/record.js';
import type { Logger } from '../platform/logger.js';
import type { DefinitionSync } from './definition/definition-sync.js';
import type { ScheduleSync } from './engine/schedule-sync.js';
import { DueAccounts } from './firing/due-accounts.js';
import { Expectations } from './firing/expectations.js';
import { OccurrenceQueue } from './firing/queue.js';
import type { RunStarter } from './firing/run-starter.js';
import { Settlement } from './firing/settlement.js';
import { SignalMatches } from './firing/signal-matches.js';

const EVERY_MS = 2_000;
/** Rounds between two looks at what changes seldom: files, schedules, expectations. */
const SELDOM = 5;
/** Temporal fires first; the sweep takes what was not fired this long after it was due. */
const OVERDUE = `SELECT id FROM automations WHERE deleted_at IS NULL AND next_due_at < now() - interval '3 seconds'
  ORDER BY next_due_at LIMIT 100`;

export interface AutomationSweepOptions {
  dataSource: DataSource;
  recorder: Recorder;
  starter: RunStarter;
  definitions: Pick<DefinitionSync, 'round'>;
  schedules: Pick<ScheduleSync, 'round'>;
  logger: Pick<Logger, 'warn'>;
}

/** Looks at automations all the time: what came due and was not fired, what was raised, what ended. */
export class AutomationSweep {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private rounds = 0;
  private readonly accounts: DueAccounts;
  private readonly matches: SignalMatches;
  private readonly queue: OccurrenceQueue;
  private readonly settlement: Settlement;
  private readonly expectations: Expectations;

  constructor(private readonly options: AutomationSweepOptions) {
    const { dataSource, recorder } = options;
    this.accounts = new DueAccounts(dataSource);
    this.matches = new SignalMatches(dataSource, recorder);
    this.queue = new OccurrenceQueue(dataSource);
    this.settlement = new Settlement(dataSource, recorder);
    this.expectations = new Expectations(dataSource, recorder);
  }

  start(): void {
    const next = () => {
      this.running = this.round().then(() => {
        if (this.timer) this.timer = setTimeout(next, EVERY_MS);
      });
    };
    this.timer = setTimeout(next, 0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  /** Accounts for what an automation has come due, and starts it. Temporal calls this at each due time. */
  async fire(id: string): Promise<void> {
    await this.accounts.advance(id);
    await this.options.starter.startDue(id);
  }

  /** Looks at everything once. Never rejects. */
  async round(): Promise<void> {
    const { definitions, schedules, starter } = this.options;
    const isSeldom = this.rounds++ % SELDOM === 0;
    if (isSeldom) await this.attempt('automations could not be read', () => definitions.round());
    if (isSeldom) await this.attempt('schedules could not be written', () => schedules.round());
    await this.attempt('due times could not be looked at', () => this.accountOverdue());
    await this.attempt('alerts and events could not be looked at', () => this.matches.match());
    await this.attempt('ends of runs could not be looked at', () => this.settlement.settle());
    await this.attempt('queued occurrences could not be looked at', () => this.queue.release());
    await this.attempt('runs could not be started', () => starter.startDue());
    if (isSeldom)
      await this.attempt('expectations could not be checked', () => this.expectations.check());
  }

  private async accountOverdue(): Promise<void> {
    const overdue = await this.options.dataSource.query<{ id: string }[]>(OVERDUE);
    for (const { id } of overdue) await this.accounts.advance(id);
  }

  private async attempt(failure: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.options.logger.warn({ error: String(error) }, failure);
    }
  }
}

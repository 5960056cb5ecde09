import type { DataSource } from 'typeorm';
import type { AutomationSpec } from '../../contracts/run/automation.js';
import type { Recorder } from '../../observation/record.js';
import { millisecondsOf } from '../definition/duration.js';

const EXPECTING = `SELECT id, name, spec, coalesce(last_success_at, created_at) AS since, last_success_at IS NULL AS never
  FROM automations WHERE deleted_at IS NULL AND spec ? 'expect'`;

interface Expecting {
  id: string;
  name: string;
  spec: AutomationSpec;
  since: Date;
  never: boolean;
}

/** Raises an alert for each automation that has not succeeded for longer than it should, whatever the reason. */
export class Expectations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly recorder: Recorder,
  ) {}

  async check(now = Date.now()): Promise<void> {
    for (const row of await this.dataSource.query<Expecting[]>(EXPECTING)) {
      const within = row.spec.expect!.success_within;
      if (now - row.since.getTime() > millisecondsOf(within)) await this.raise(row, within);
    }
  }

  private async raise({ id, name, since, never }: Expecting, within: string): Promise<void> {
    const last = never ? `never since it was made` : `last at ${since.toISOString()}`;
    await this.recorder.alert({
      kind: 'automation_overdue',
      severity: 'critical',
      subject: `automation:${name}`,
      message: `The automation ${name} should succeed within ${within}, but it did ${last}. See mission automations show ${name}.`,
      data: { automation: id, success_within: within, since: since.toISOString() },
      idempotency_key: `overdue:${id}:${since.toISOString()}`,
    });
  }
}

import type { DataSource } from 'typeorm';
import type { AutomationSpec, OccurrenceStatus } from '../../contracts/run/automation.js';
import { MissionError } from '../../contracts/errors.js';
import type { Trigger } from '../../contracts/execution.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import type { CancelService } from '../../kernel/cancel-service.js';
import type { Executor } from '../../kernel/execute.js';
import { render } from '../../language/expression/template.js';

const BATCH = 50;

/** An occurrence whose run is to begin. */
interface Startable {
  id: string;
  automation_id: string;
  status: OccurrenceStatus;
  trigger: JsonObject;
  chain: string[];
  spec: AutomationSpec;
  owner: string;
  rights: string[] | null;
}

const STARTABLE = `SELECT o.id, o.automation_id, o.status, o.trigger, o.chain, a.spec, a.owner, a.rights
  FROM automation_occurrences o JOIN automations a ON a.id = o.automation_id
  WHERE o.ended_at IS NULL AND o.fired_at IS NULL AND o.status <> 'queued' AND o.start_at <= now()
    AND ($1::uuid IS NULL OR o.automation_id = $1) ORDER BY o.start_at, o.id LIMIT ${BATCH}`;
const FIRED = `WITH mine AS (UPDATE automation_occurrences SET fired_at = now(), execution_id = $2
    WHERE id = $1 AND fired_at IS NULL RETURNING automation_id)
  UPDATE automations SET last_executed_at = now() FROM mine WHERE automations.id = mine.automation_id`;
const FAILED = `WITH mine AS (UPDATE automation_occurrences SET status = 'failed', cause = $2, ended_at = now()
    WHERE id = $1 AND ended_at IS NULL RETURNING automation_id)
  UPDATE automations SET failures = failures + 1 FROM mine WHERE automations.id = mine.automation_id`;
const OTHERS = `SELECT o.execution_id AS id FROM automation_occurrences o
  JOIN directive_executions e ON e.id = o.execution_id
  WHERE o.automation_id = $1 AND o.id < $2 AND o.ended_at IS NULL AND e.completed_at IS NULL`;

export interface RunStarterOptions {
  dataSource: DataSource;
  executor: Pick<Executor, 'start'>;
  cancelService: Pick<CancelService, 'cancel'>;
}

/** Starts the runs of occurrences. A start that is repeated, also by another worker, begins no second run. */
export class RunStarter {
  constructor(private readonly options: RunStarterOptions) {}

  /** Starts what is due, of one automation or of all. Returns the number of occurrences that were looked at. */
  async startDue(automation: string | null = null): Promise<number> {
    const rows = await this.options.dataSource.query<Startable[]>(STARTABLE, [automation]);
    for (const row of rows) await this.start(row);
    return rows.length;
  }

  private async start(occurrence: Startable): Promise<void> {
    const { dataSource } = this.options;
    try {
      await this.endOthers(occurrence);
      await dataSource.query(FIRED, [occurrence.id, await this.run(occurrence)]);
    } catch (error) {
      if (!(error instanceof MissionError) || error.retryable) throw error;
      await dataSource.query(FAILED, [occurrence.id, error.message.slice(0, 2_000)]);
    }
  }

  private async run(occurrence: Startable): Promise<string> {
    const { id, automation_id, trigger, chain, spec, owner, rights } = occurrence;
    const idempotencyKey = `occurrence:${id}`;
    try {
      const { id: run } = await this.options.executor.start({
        directive: spec.directive_name,
        inputs: inputsOf(spec, trigger, id),
        idempotencyKey,
        actor: owner,
        rights,
        triggeredBy: triggerOf(occurrence),
        cause: { automation: automation_id, occurrence: id, chain },
      });
      return run;
    } catch (error) {
      const begun = await this.begun(owner, idempotencyKey);
      if (begun !== undefined) return begun;
      throw error;
    }
  }

  /** The run that was begun before a crash; its directive may have been edited since. */
  private async begun(owner: string, key: string): Promise<string | undefined> {
    const [row] = await this.options.dataSource.query<{ id: string }[]>(
      'SELECT id FROM directive_executions WHERE actor = $1 AND idempotency_key = $2',
      [owner, key],
    );
    return row?.id;
  }

  private async endOthers({ id, automation_id, spec, owner }: Startable): Promise<void> {
    const { overlap } = spec;
    if (overlap !== 'cancel_other' && overlap !== 'terminate_other') return;
    const others = await this.options.dataSource.query<{ id: string }[]>(OTHERS, [
      automation_id,
      id,
    ]);
    for (const other of others)
      await this.options.cancelService.cancel(other.id, {
        actor: owner,
        reason: `a later occurrence of ${spec.name} begins, and overlap is ${overlap}`,
        ...(overlap === 'terminate_other' && { force: true }),
      });
  }
}

const triggerOf = ({ status, spec }: Startable): Trigger =>
  status === 'manual' ? 'manual' : spec.trigger_type;

/** @throws MissionError `expression_error` */
function inputsOf({ inputs }: AutomationSpec, trigger: JsonObject, id: string): JsonObject {
  const now = new Date().toISOString();
  const lookup = (name: string): Json | undefined => (name === 'trigger' ? trigger : undefined);
  return render(inputs, { lookup, now: () => now, seed: () => `occurrence:${id}` }) as JsonObject;
}

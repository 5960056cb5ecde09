import type { DataSource, EntityManager } from 'typeorm';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { Recorder } from '../../observation/record.js';
import type { AutomationRow } from '../../platform/database/entities/automations/automation.row.js';
import { decide } from './decide.js';
import { matchesAlert, matchesEvent } from './match.js';
import { addOccurrence, lockAutomation, situationOf } from './occurrences.js';
import { pauseByKernel } from './pause-by-kernel.js';

const BATCH = 100;
/** Automations that may lead to one another; a longer chain is taken for a loop. */
const MOST_LINKS = 8;

const ALERTS = `SELECT id, kind, severity, message, subject, data, run_id, created_at FROM alerts
  WHERE matched_at IS NULL ORDER BY created_at, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
const EVENTS = `SELECT id, name, data, run_id, created_at FROM events
  WHERE matched_at IS NULL ORDER BY created_at, id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
const AUTOMATIONS = `SELECT * FROM automations WHERE deleted_at IS NULL AND trigger_type = $1 ORDER BY name`;
const CHAIN = `SELECT root.cause FROM directive_executions e
  JOIN directive_executions root ON root.id = e.root_id WHERE e.id = $1`;

/** An alert or an event that automations may be waiting for. */
interface Signal {
  type: 'alert' | 'event';
  id: string;
  run_id: string | null;
  created_at: Date;
  /** What expressions read as `trigger.alert` or `trigger.event`. */
  facts: JsonObject;
}

interface Loop {
  automation: AutomationRow;
  why: string;
  run: string | null;
}

type Row = { id: string; run_id: string | null; created_at: Date; data: Json } & JsonObject;

/** Tells automations of alerts and events: each of them once. */
export class SignalMatches {
  constructor(
    private readonly dataSource: DataSource,
    private readonly recorder: Recorder,
  ) {}

  /** Looks at what is new. Returns the number of new occurrences. */
  async match(): Promise<number> {
    const alerts = await this.round('alert', ALERTS, 'alerts');
    return alerts + (await this.round('event', EVENTS, 'events'));
  }

  private async round(type: Signal['type'], select: string, table: string): Promise<number> {
    const loops: Loop[] = [];
    const added = await this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<Row[]>(select);
      if (rows.length === 0) return 0;
      const automations = await manager.query<AutomationRow[]>(AUTOMATIONS, [type]);
      let count = 0;
      for (const row of rows)
        count += await this.tell(manager, signalOf(type, row), automations, loops);
      const ids = rows.map(({ id }) => id);
      await manager.query(`UPDATE ${table} SET matched_at = now() WHERE id = ANY($1)`, [ids]);
      return count;
    });
    for (const loop of loops) await this.stop(loop);
    return added;
  }

  private async tell(
    manager: EntityManager,
    signal: Signal,
    automations: AutomationRow[],
    loops: Loop[],
  ): Promise<number> {
    const met = automations.filter(({ spec }) =>
      signal.type === 'alert' ? matchesAlert(spec, signal.facts) : matchesEvent(spec, signal.facts),
    );
    if (met.length === 0) return 0;
    const before = await chainOf(manager, signal.run_id);
    let added = 0;
    for (const { id } of met) {
      const automation = await lockAutomation(manager, id);
      if (!automation) continue;
      const why = loopIn(before, automation);
      if (why !== undefined) loops.push({ automation, why, run: signal.run_id });
      if (await add(manager, { automation, signal, before, loop: why })) added += 1;
    }
    return added;
  }

  private async stop({ automation: { id, name }, why, run }: Loop): Promise<void> {
    const pause = { id, name, kind: 'automation_loop', note: why, run };
    await pauseByKernel(this.dataSource, this.recorder, pause);
  }
}

function signalOf(type: Signal['type'], row: Row): Signal {
  const { id, run_id, created_at, ...facts } = row;
  return { type, id, run_id, created_at, facts: { id, run_id, ...facts } };
}

/** The automations whose runs led to a run, oldest first. */
async function chainOf(manager: EntityManager, run: string | null): Promise<string[]> {
  if (run === null) return [];
  const [row] = await manager.query<{ cause: Json }[]>(CHAIN, [run]);
  const chain = isObject(row?.cause) ? row.cause['chain'] : undefined;
  return Array.isArray(chain) ? chain.map(String) : [];
}

function loopIn(before: string[], { id, name }: AutomationRow): string | undefined {
  if (before.includes(id))
    return `${name} would start itself again, by what its own run brought about`;
  if (before.length < MOST_LINKS) return undefined;
  return `${before.length} automations in a row started one another, and ${name} would be the next`;
}

interface Met {
  automation: AutomationRow;
  signal: Signal;
  before: string[];
  loop: string | undefined;
}

async function add(
  manager: EntityManager,
  { automation, signal: { type, id, created_at, facts }, before, loop }: Met,
): Promise<boolean> {
  const due = created_at.getTime();
  const verdict =
    loop === undefined
      ? decide(due, await situationOf(manager, automation))
      : ({ status: 'skipped_loop', cause: loop } as const);
  const trigger: JsonObject = {
    type,
    automation: automation.name,
    due_at: created_at.toISOString(),
    [type]: facts,
  };
  const chain = [...before, automation.id];
  return addOccurrence(manager, automation, { key: `${type}:${id}`, due, verdict, trigger, chain });
}

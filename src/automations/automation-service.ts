import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { rightsOf } from '../access/rights.js';
import type { OverlapPolicy } from '../contracts/run/automation.js';
import { MissionError } from '../contracts/errors.js';
import type { Json, JsonObject } from '../contracts/json/json.js';
import type { DirectiveRegistry } from '../kernel/directive-registry.js';
import type { Recorder } from '../observation/record.js';
import type { AutomationRow } from '../platform/database/entities/automations/automation.row.js';
import type { OccurrenceRow } from '../platform/database/entities/automations/occurrence.row.js';
import { checkDefinition } from './check-definition.js';
import { AutomationStore } from './definition/automation-store.js';
import { readSpec } from './definition/read-spec.js';
import { decide } from './firing/decide.js';
import { addOccurrence, lockAutomation, situationOf } from './firing/occurrences.js';
import { dueRuleOf } from './schedule/due-rule-of.js';
import { dueTimes } from './schedule/due-times.js';

const MAX_BACKFILL = 1_000;
const PAUSE = `UPDATE automations SET enabled = $2, pause_note = $3, paused_by = $4, failures = 0,
    version = version + 1, updated_at = now() WHERE id = $1 AND deleted_at IS NULL RETURNING *`;

/** What people do with automations. Rights are checked here as well as at the doors. */
export class AutomationService {
  private readonly store: AutomationStore;

  constructor(
    readonly dataSource: DataSource,
    readonly registry: Pick<DirectiveRegistry, 'find' | 'missing'>,
    private readonly recorder: Recorder,
  ) {
    this.store = new AutomationStore(dataSource);
  }

  list(): Promise<AutomationRow[]> {
    return this.store.list();
  }

  /** @throws MissionError `not_found` */
  async find(nameOrId: string): Promise<AutomationRow> {
    const row = await this.store.find(nameOrId);
    if (row) return row;
    throw new MissionError('not_found', `There is no automation ${nameOrId.slice(0, 100)}.`);
  }

  /** @throws MissionError `input_invalid`, `conflict`, `permission_denied`, `not_found` */
  async create(principal: Principal, definition: Json): Promise<AutomationRow> {
    const spec = readSpec(definition);
    await checkDefinition(this, principal, spec);
    const row = await this.store.insert(spec, authorOf(principal));
    if (!row)
      throw new MissionError(
        'conflict',
        `There is an automation ${spec.name} already. Change it, or take another name.`,
      );
    await this.audit(principal, 'create', row, { spec: spec as unknown as JsonObject });
    return row;
  }

  /** Changes the given keys of a definition. Its runs belong to whoever changed it last. */
  async update(
    principal: Principal,
    nameOrId: string,
    changes: JsonObject,
  ): Promise<AutomationRow> {
    const before = this.own(await this.find(nameOrId), 'changed');
    if (changes['name'] !== undefined && changes['name'] !== before.name)
      throw new MissionError('input_invalid', 'The name of an automation cannot be changed.');
    const spec = readSpec({ ...before.spec, ...changes } as unknown as Json);
    await checkDefinition(this, principal, spec);
    // A client that says `enabled` means the pause as it is now, not the definition's.
    const known = changes['enabled'] === undefined ? before.spec.enabled : before.enabled;
    const since = { ...before, spec: { ...before.spec, enabled: known } };
    const row = await this.store.change(since, spec, authorOf(principal));
    await this.audit(principal, 'update', row, { changes });
    return row;
  }

  async delete(principal: Principal, nameOrId: string): Promise<AutomationRow> {
    const row = this.own(await this.find(nameOrId), 'deleted');
    await this.store.delete(row.id);
    await this.audit(principal, 'delete', row, {});
    return row;
  }

  pause(principal: Principal, nameOrId: string, note: string | null): Promise<AutomationRow> {
    return this.setEnabled(principal, nameOrId, false, note);
  }

  resume(principal: Principal, nameOrId: string): Promise<AutomationRow> {
    return this.setEnabled(principal, nameOrId, true, null);
  }

  /** Runs it once, now, as its overlap policy allows. The pause of an automation does not hinder who asks for a run. */
  async run(principal: Principal, nameOrId: string): Promise<OccurrenceRow> {
    const { id } = await this.find(nameOrId);
    return this.dataSource.transaction(async (manager) => {
      const row = (await lockAutomation(manager, id))!;
      const situation = await situationOf(manager, row);
      if (situation.stop) throw stopped(situation.stop);
      const { now } = situation;
      const verdict = decide(now, { ...situation, enabled: true, calendars: [] });
      const key = `manual:${randomUUID()}`;
      await addOccurrence(manager, row, {
        key,
        due: now,
        verdict: verdict.status === 'fired' ? { status: 'manual' } : verdict,
        actor: principal.actor,
        trigger: { type: 'manual', automation: row.name, due_at: new Date(now).toISOString() },
        chain: [row.id],
      });
      const [occurrence] = await manager.query<OccurrenceRow[]>(
        'SELECT * FROM automation_occurrences WHERE automation_id = $1 AND key = $2',
        [row.id, key],
      );
      return occurrence!;
    });
  }

  /**
   * Runs what was due in a span, both ends included, and did not run: one after
   * the other, or all at once with `allow_all`. Returns the number of
   * occurrences.
   */
  async backfill(
    principal: Principal,
    nameOrId: string,
    { from, to, overlap }: { from: Date; to: Date; overlap?: OverlapPolicy | null },
  ): Promise<number> {
    const row = await this.find(nameOrId);
    const rule = dueRuleOf(row.spec);
    if (!rule) throw new MissionError('input_invalid', `${row.name} has no schedule.`);
    const due = dueTimes(rule, from.getTime() - 1, to.getTime(), MAX_BACKFILL + 1);
    if (due.length > MAX_BACKFILL)
      throw new MissionError(
        'input_invalid',
        `There are more than ${MAX_BACKFILL} due times in this span. Take a shorter one.`,
      );
    const status = overlap === 'allow_all' ? 'backfilled' : 'queued';
    const verdict = { status, cause: `${principal.actor} asked for it` } as const;
    return this.dataSource.transaction(async (manager) => {
      const locked = (await lockAutomation(manager, row.id))!;
      const done = await this.withRun(
        row.id,
        due.map(({ at }) => at),
      );
      let added = 0;
      for (const { at, note } of due.filter((time) => !done.has(time.at))) {
        const due_at = new Date(at).toISOString();
        const trigger: JsonObject = {
          type: 'schedule',
          automation: row.name,
          due_at,
          backfill: true,
        };
        const what = { verdict, note, actor: principal.actor, trigger, chain: [row.id] };
        const key = `backfill:${due_at}`;
        if (await addOccurrence(manager, locked, { key, due: at, ...what })) added += 1;
      }
      await this.audit(principal, 'backfill', row, {
        from: from.toISOString(),
        to: to.toISOString(),
        added,
      });
      return added;
    });
  }

  /** Stops all automation, until it is allowed again. */
  async stopAll(principal: Principal, reason: string): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO automation_stops (id, actor, reason) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING`,
      [principal.actor, reason],
    );
    await this.auditAll(principal, 'automation.stop_all', { reason });
  }

  async startAll(principal: Principal): Promise<void> {
    await this.dataSource.query('DELETE FROM automation_stops');
    await this.auditAll(principal, 'automation.start_all', {});
  }

  /** Who stopped all automation, and why; undefined while it runs. */
  async stop(): Promise<{ actor: string; reason: string; stopped_at: Date } | undefined> {
    const [row] = await this.dataSource.query<
      { actor: string; reason: string; stopped_at: Date }[]
    >('SELECT actor, reason, stopped_at FROM automation_stops');
    return row;
  }

  private async setEnabled(
    principal: Principal,
    nameOrId: string,
    enabled: boolean,
    note: string | null,
  ): Promise<AutomationRow> {
    const { id } = await this.find(nameOrId);
    const by = enabled ? null : principal.actor;
    const [[row]] = await this.dataSource.query<[AutomationRow[]]>(PAUSE, [
      id,
      enabled,
      enabled ? null : (note ?? `${principal.actor} gave no reason`),
      by,
    ]);
    await this.audit(principal, enabled ? 'resume' : 'pause', row!, { reason: note });
    return row!;
  }

  /** An automation that a client may change. */
  private own(row: AutomationRow, done: string): AutomationRow {
    if (row.source === 'api') return row;
    const where =
      row.source === 'project'
        ? 'Its file in .ai/automations does'
        : 'It ships with Mission Control; pause it, or make one of your own for its directive';
    throw new MissionError('conflict', `${row.name} cannot be ${done} here. ${where}.`);
  }

  private async withRun(id: string, due: number[]): Promise<Set<number>> {
    const rows = await this.dataSource.query<{ due_at: Date }[]>(
      `SELECT due_at FROM automation_occurrences WHERE automation_id = $1 AND due_at = ANY($2)
         AND (execution_id IS NOT NULL OR status IN ('fired', 'late', 'backfilled', 'queued'))`,
      [id, due.map((at) => new Date(at))],
    );
    return new Set(rows.map(({ due_at }) => due_at.getTime()));
  }

  private audit({ actor }: Principal, what: string, { name }: AutomationRow, data: JsonObject) {
    return this.recorder.audit({
      actor,
      action: `automation.${what}`,
      target: `automation:${name}`,
      data,
    });
  }

  private auditAll({ actor }: Principal, action: string, data: JsonObject) {
    return this.recorder.audit({ actor, action, target: 'automations', data });
  }
}

const authorOf = (principal: Principal) => ({
  source: 'api' as const,
  owner: principal.actor,
  rights: rightsOf(principal),
});

const stopped = ({ actor, reason }: { actor: string; reason: string }) =>
  new MissionError(
    'conflict',
    `${actor} stopped all automation: ${reason}. mission automations start-all lets it go on.`,
  );

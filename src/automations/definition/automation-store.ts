import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { AutomationSpec } from '../../contracts/run/automation.js';
import type { AutomationRow } from '../../platform/database/entities/automations/automation.row.js';
import { dueRuleOf } from '../schedule/due-rule-of.js';
import { nextDueTimes } from '../schedule/due-times.js';

/** Who defines an automation. */
export interface Author {
  source: AutomationRow['source'];
  owner: string;
  /** null = everything. */
  rights: readonly string[] | null;
}

const INSERT = `INSERT INTO automations
    (id, name, directive_name, trigger_type, schedule, spec, source, owner, rights, enabled, pause_note, paused_by, next_due_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (name) WHERE deleted_at IS NULL DO NOTHING RETURNING *`;
const CHANGE = `UPDATE automations SET directive_name = $2, trigger_type = $3, schedule = $4, spec = $5, owner = $6, rights = $7,
    enabled = $8, pause_note = $9, paused_by = $10, next_due_at = $11, accounted_until = $12,
    version = version + 1, updated_at = now()
  WHERE id = $1 AND deleted_at IS NULL RETURNING *`;
const DELETE = `UPDATE automations SET deleted_at = now(), enabled = false, next_due_at = NULL, version = version + 1
  WHERE id = $1 AND deleted_at IS NULL RETURNING id`;

const PAUSED_BY_DEFINITION = 'its definition says enabled: false';

/** Writes automations. Due times before a change are accounted for by the definition that held then. */
export class AutomationStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Undefined when there is one with this name. */
  async insert(spec: AutomationSpec, author: Author): Promise<AutomationRow | undefined> {
    const { name, enabled } = spec;
    const [row] = await this.dataSource.query<AutomationRow[]>(INSERT, [
      randomUUID(),
      name,
      ...columnsOf(spec),
      author.source,
      author.owner,
      author.rights === null ? null : JSON.stringify(author.rights),
      enabled,
      enabled ? null : PAUSED_BY_DEFINITION,
      enabled ? null : author.owner,
      nextDue(spec, Date.now()),
    ]);
    return row;
  }

  /** Replaces the definition. Whether it is paused changes only with `enabled` in the definition. */
  async change(
    before: AutomationRow,
    spec: AutomationSpec,
    author: Author,
  ): Promise<AutomationRow> {
    const told = spec.enabled !== before.spec.enabled;
    const enabled = told ? spec.enabled : before.enabled;
    const now = Date.now();
    const [[row]] = await this.dataSource.query<[AutomationRow[]]>(CHANGE, [
      before.id,
      ...columnsOf(spec),
      author.owner,
      author.rights === null ? null : JSON.stringify(author.rights),
      enabled,
      enabled ? null : told ? PAUSED_BY_DEFINITION : before.pause_note,
      enabled ? null : told ? author.owner : before.paused_by,
      nextDue(spec, now),
      new Date(now),
    ]);
    return row!;
  }

  async delete(id: string): Promise<boolean> {
    const [rows] = await this.dataSource.query<[unknown[]]>(DELETE, [id]);
    return rows.length > 0;
  }

  /** By its name or its id; undefined when there is none. */
  async find(nameOrId: string, manager?: EntityManager): Promise<AutomationRow | undefined> {
    const [row] = await (manager ?? this.dataSource).query<AutomationRow[]>(
      'SELECT * FROM automations WHERE (name = $1 OR id::text = $1) AND deleted_at IS NULL',
      [nameOrId],
    );
    return row;
  }

  list(): Promise<AutomationRow[]> {
    return this.dataSource.query(
      'SELECT * FROM automations WHERE deleted_at IS NULL ORDER BY name',
    );
  }
}

const columnsOf = (spec: AutomationSpec): unknown[] => [
  spec.directive_name,
  spec.trigger_type,
  spec.schedule ?? null,
  JSON.stringify(spec),
];

function nextDue(spec: AutomationSpec, after: number): Date | null {
  const rule = dueRuleOf(spec);
  const [next] = rule ? nextDueTimes(rule, after, 1) : [];
  return next ? new Date(next.at) : null;
}

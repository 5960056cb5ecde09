import type { DataSource } from 'typeorm';
import type { PermissionCheck } from '../../contracts/run/permission-check.js';
import { plainText } from '../../platform/database/sql/plain-text.js';

/** Milliseconds for which decisions are gathered before they are written together. */
const GATHER_MS = 250;
/** Decisions that wait to be written; further ones are dropped, so that no flood of requests fills the memory. */
const MAX_WAITING = 1_000;
/** Milliseconds in which the same refusal outside of runs is written once. */
const REPEATED_MS = 60_000;
const MAX_TEXT = 1_000;

const INSERT = `INSERT INTO permission_checks
    (run_id, step_path, iteration, actor, action, target, permission, allowed, refused_by, chain, reason)
  SELECT run_id, step_path, iteration, actor, action, target, permission, allowed, refused_by, coalesce(chain, '[]'), reason
  FROM json_to_recordset($1::json) AS r(run_id text, step_path text, iteration text, actor text, action text, target text,
    permission text, allowed boolean, refused_by text, chain json, reason text)`;

/** Deletes the oldest rows, as far as they are older than some days; the ids grow with time. */
const FORGET = `DELETE FROM permission_checks WHERE id IN (
    SELECT id FROM (SELECT id, at FROM permission_checks ORDER BY id LIMIT 5000) AS oldest
    WHERE at < now() - make_interval(secs => $1::float8 * 86400))`;

/** Records decisions about rights. A decision holds whether or not it can be recorded. */
export class PermissionLog {
  private waiting: PermissionCheck[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();
  /** When each refusal outside of runs may be written again. */
  private readonly repeated = new Map<string, number>();

  constructor(private readonly dataSource: Pick<DataSource, 'query'>) {}

  /** Records decisions soon, together with others: nobody waits for it. */
  add(...checks: PermissionCheck[]): void {
    const fresh = checks.filter((check) => !this.isRepeated(check));
    this.waiting.push(...fresh.slice(0, MAX_WAITING - this.waiting.length));
    if (this.waiting.length === 0 || this.timer) return;
    this.timer = setTimeout(() => void this.flush(), GATHER_MS);
    this.timer.unref();
  }

  /** Records a decision at once. */
  async write(...checks: PermissionCheck[]): Promise<void> {
    const rows = checks.map((check) => ({
      ...check,
      target: plainText(check.target).slice(0, MAX_TEXT),
      reason: plainText(check.reason).slice(0, MAX_TEXT),
    }));
    await this.dataSource.query(INSERT, [JSON.stringify(rows)]);
  }

  /** Writes what waits; resolves when it is written. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rows = this.waiting;
    this.waiting = [];
    if (rows.length > 0)
      this.writing = this.writing.then(() => this.write(...rows).catch(() => {}));
    await this.writing;
  }

  /** Deletes what is older than `days`. */
  async forget(days: number): Promise<void> {
    for (;;) {
      const [, deleted]: [unknown[], number] = await this.dataSource.query(FORGET, [days]);
      if (deleted === 0) return;
    }
  }

  /** Whoever is refused outside of a run may try as often as they like, so one row a minute must do. */
  private isRepeated({ run_id, actor, permission, target }: PermissionCheck): boolean {
    if (run_id != null) return false;
    const key = JSON.stringify([actor, permission, target]);
    const now = Date.now();
    if ((this.repeated.get(key) ?? 0) > now) return true;
    if (this.repeated.size >= MAX_WAITING) this.repeated.clear();
    this.repeated.set(key, now + REPEATED_MS);
    return false;
  }
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { Principal } from '../access/principal.js';
import { may } from '../access/rights.js';
import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { HelpKind } from '../contracts/run/approval.js';
import type { ApprovalRow } from '../platform/database/entities/runs/approval.row.js';
import { plainText } from '../platform/database/sql/plain-text.js';
import type { Redactor } from '../platform/redaction/redactor.js';

/** A request for help. The actor comes from the verified key or the run, never from the request. */
export interface NewHelpRequest {
  kind: HelpKind;
  reason: string;
  /** What the person should know: what was tried, what there is to choose from. */
  about: JsonObject;
  actor: string;
  /** The call that asks, for a call from inside a run: its repetition asks nothing new. */
  run?: { id: string; key: string };
}

/** Who reads requests. */
export interface RequestReader {
  principal: Principal;
  /** True for a model: it reads what its speaker asked, whatever its speaker may read besides. */
  isRun: boolean;
}

const OPEN = `INSERT INTO approvals (id, kind, request_key, asked_by, run_id, path, iteration, step, description, who, quorum,
    self_approval, form, shows)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'help', $8, '[]', 1, true, '{}', $9)
  ON CONFLICT (request_key) DO UPDATE SET step = EXCLUDED.step RETURNING *`;
const FIND = `SELECT * FROM approvals WHERE starts_with(id::text, $1) AND kind <> 'approval' AND ($2 OR asked_by = $3)
  ORDER BY requested_at DESC LIMIT 2`;
const LIST = `SELECT *, count(*) OVER ()::int AS total FROM approvals
  WHERE kind <> 'approval' AND ($1 OR asked_by = $2) AND strpos(lower(description), lower($3)) > 0
  ORDER BY requested_at DESC, id DESC LIMIT $4`;
const STATE = 'SELECT * FROM approvals WHERE id = $1';
const SHORTEST_ID = 4;
const FIRST_MS = 50;
const LONGEST_MS = 500;
const MAX_REASON = 10_000;

/** Requests for help: stored until a person answers, listed with the approvals. */
export class HelpRequests {
  constructor(
    private readonly dataSource: DataSource,
    private readonly redactor: Pick<Redactor, 'json' | 'line'>,
  ) {}

  /** Stores a request. The same call of a run gets the request that it made before. */
  async open({ kind, reason, about, actor, run }: NewHelpRequest): Promise<ApprovalRow> {
    const { path, iteration } = placeIn(run);
    const [row] = await this.dataSource.query<ApprovalRow[]>(OPEN, [
      ...[randomUUID(), kind, run?.key ?? null, actor, run?.id ?? null, path, iteration],
      plainText(this.redactor.line(reason)).slice(0, MAX_REASON),
      JSON.stringify(this.redactor.json(about)),
    ]);
    return row!;
  }

  /**
   * A request of the reader's own, or any for those who may read approvals, by its id or the beginning of its id.
   * @throws MissionError `not_found`
   */
  async find(id: string, reader: RequestReader): Promise<ApprovalRow> {
    const rows =
      id.length < SHORTEST_ID
        ? []
        : await this.dataSource.query<ApprovalRow[]>(FIND, [id, ...scopeOf(reader)]);
    if (rows.length === 1) return rows[0]!;
    const text =
      rows.length > 1
        ? `Several requests begin with ${id}: give more of the id.`
        : `There is no request ${id.slice(0, 100)}.`;
    throw new MissionError(rows.length > 1 ? 'input_invalid' : 'not_found', text);
  }

  /** The newest requests that the reader may see, whose reason contains a text. */
  async list(text: string, limit: number, reader: RequestReader) {
    const rows = await this.dataSource.query<(ApprovalRow & { total: number })[]>(LIST, [
      ...scopeOf(reader),
      text,
      limit,
    ]);
    return { rows, total: rows[0]?.total ?? 0 };
  }

  /** Waits until a request is closed, at most `ms`, and returns it as it then is. */
  async wait(id: string, ms: number, signal?: AbortSignal): Promise<ApprovalRow> {
    const until = Date.now() + ms;
    for (let delay = FIRST_MS; ; delay = Math.min(delay * 2, LONGEST_MS)) {
      const [row] = await this.dataSource.query<ApprovalRow[]>(STATE, [id]);
      const left = until - Date.now();
      if (row!.status !== 'pending' || signal?.aborted || left <= 0) return row!;
      const nap = sleep(Math.min(delay, left), undefined, signal ? { signal } : {});
      await nap.catch(() => undefined);
    }
  }
}

const scopeOf = ({ principal, isRun }: RequestReader) => [
  !isRun && may(principal, 'read:approvals'),
  principal.actor,
];

/** The place of a call, out of its key `run:path:iteration`. */
function placeIn(run: NewHelpRequest['run']) {
  const place = run ? run.key.slice(run.id.length + 1) : '';
  const at = place.lastIndexOf(':');
  return at < 0
    ? { path: place, iteration: '' }
    : { path: place.slice(0, at), iteration: place.slice(at + 1) };
}

import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { ApprovalAnswer, ApprovalRequest } from '../contracts/run/approval.js';
import { MissionError } from '../contracts/errors.js';
import type { StepPlace } from '../contracts/run/place.js';
import { answerOf, type Decided } from './approval-answer.js';

const ASK = `INSERT INTO approvals
    (id, run_id, path, iteration, step, kind, description, who, quorum, self_approval, form, shows, hash, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, to_timestamp($14::float8 / 1000))
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET step = EXCLUDED.step
  RETURNING id, status, decided_by, comment, answers, hash`;

/** Asks again about something else: what was decided before does not count. */
const ASK_ANEW = `UPDATE approvals SET status = 'pending', votes = '[]', decision = NULL, decided_by = NULL, comment = NULL,
    answers = NULL, decided_at = NULL, requested_at = now(), description = $2, who = $3, quorum = $4, self_approval = $5,
    form = $6, shows = $7, hash = $8, expires_at = to_timestamp($9::float8 / 1000)
  WHERE id = $1`;

const EXPIRE = `UPDATE approvals SET decided_at = CASE WHEN status = 'pending' THEN now() ELSE decided_at END,
    status = CASE WHEN status = 'pending' THEN 'expired' ELSE status END
  WHERE run_id = $1 AND path = $2 AND iteration = $3 RETURNING status, decided_by, comment, answers, hash`;

/** Approvals: the questions that runs put to people. */
export class Approvals {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Stores a question; undefined while it is undecided. A repeated call stores nothing and returns the decision, if there
   * is one. A call about something else asks anew.
   */
  async ask(runId: string, request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
    const { path, iteration, step, hash, kind = 'approval' } = request;
    const terms = termsOf(request);
    const [row] = await this.dataSource.query<(Decided & { id: string })[]>(ASK, [
      ...[randomUUID(), runId, path, iteration, step, kind],
      ...terms,
    ]);
    if (row!.hash !== null && row!.hash !== hash) {
      await this.dataSource.query(ASK_ANEW, [row!.id, ...terms]);
      return undefined;
    }
    return row!.status === 'pending' ? undefined : answerOf(row!);
  }

  /** Ends a question whose time is over. A decision that people made before stays, and is returned. */
  async expire(runId: string, { path, iteration }: StepPlace): Promise<ApprovalAnswer> {
    const [[row]] = await this.dataSource.query(EXPIRE, [runId, path, iteration]);
    if (row) return answerOf(row);
    throw new MissionError('internal', `there is no approval for the step ${path}`);
  }
}

const termsOf = (request: ApprovalRequest): unknown[] => [
  request.description,
  JSON.stringify(request.who),
  request.quorum,
  request.self_approval,
  JSON.stringify(request.form),
  JSON.stringify(request.shows),
  request.hash,
  request.expires_ms,
];

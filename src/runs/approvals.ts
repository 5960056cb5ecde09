import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { ApprovalAnswer, ApprovalRequest } from '../contracts/run/approval.js';
import { MissionError } from '../contracts/errors.js';
import type { StepPlace } from '../contracts/run/place.js';
import { answerOf } from './approval-answer.js';

const ASK = `INSERT INTO approvals
    (id, run_id, path, iteration, step, description, who, quorum, self_approval, form, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::float8 / 1000))
  ON CONFLICT (run_id, path, iteration) DO UPDATE SET step = EXCLUDED.step
  RETURNING status, decided_by, comment, answers`;

const EXPIRE = `UPDATE approvals SET decided_at = CASE WHEN status = 'pending' THEN now() ELSE decided_at END,
    status = CASE WHEN status = 'pending' THEN 'expired' ELSE status END
  WHERE run_id = $1 AND path = $2 AND iteration = $3 RETURNING status, decided_by, comment, answers`;

/** Approvals: the questions that runs put to people. */
export class Approvals {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores a question; undefined while it is undecided. A repeated call stores nothing and returns the decision, if there is one. */
  async ask(runId: string, request: ApprovalRequest): Promise<ApprovalAnswer | undefined> {
    const { path, iteration, step, description, who, quorum, self_approval, form } = request;
    const terms = [JSON.stringify(who), quorum, self_approval, JSON.stringify(form)];
    const parameters = [randomUUID(), runId, path, iteration, step, description, ...terms];
    const [row] = await this.dataSource.query(ASK, [...parameters, request.expires_ms]);
    return row.status === 'pending' ? undefined : answerOf(row);
  }

  /** Ends a question whose time is over. A decision that people made before stays, and is returned. */
  async expire(runId: string, { path, iteration }: StepPlace): Promise<ApprovalAnswer> {
    const [[row]] = await this.dataSource.query(EXPIRE, [runId, path, iteration]);
    if (row) return answerOf(row);
    throw new MissionError('internal', `there is no approval for the step ${path}`);
  }
}

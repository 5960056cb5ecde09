import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '../../../access/principal.js';
import type { JsonObject } from '../../../contracts/json/json.js';
import type { ApprovalReader } from '../../../observation/readers/approval.reader.js';
import type { ApprovalRow } from '../../../platform/database/entities/runs/approval.row.js';
import type { RunEnds } from '../../../verbs/call/run-ends.js';
import type { Kernel } from '../../../verbs/kernel.js';
import { mayApprove, pendingApprovals } from './pending-approvals.js';

/** Milliseconds between two looks at the approvals of a run that is waited for. */
const LOOK_MS = 500;
const ENDED = new Set(['success', 'error', 'cancelled']);

/** A run as MCP clients are told of it. */
export interface RunView {
  id: string;
  status: string;
  actor: string;
  createdAt: string;
  updatedAt: string;
  /** The outcome, in the form of the answer to `execute`. */
  answer: JsonObject;
}

/** Looks at runs, and waits for their ends or for a question of theirs. */
export class RunWatch {
  constructor(
    private readonly kernel: Kernel,
    private readonly ends: RunEnds,
    private readonly approvals: ApprovalReader,
  ) {}

  /** @throws MissionError `not_found`, `permission_denied` */
  async view(id: string, principal: Principal): Promise<RunView> {
    const args = { item_type: 'execution', item_id: id };
    const { item_id, metadata, result, error } = await this.kernel.call('load', args, {
      principal,
    });
    const { status, actor, created_at, started_at, completed_at, duration_ms } =
      metadata as JsonObject;
    const answer = {
      ...args,
      item_id: item_id!,
      execution_id: item_id!,
      status: status === 'pending' ? 'running' : status,
      result,
      error,
      duration_ms,
    };
    const hasEnded = ENDED.has(String(status));
    const next = { verb: 'load', ...args, item_id: item_id!, wait_seconds: 20 };
    return {
      id: String(item_id),
      status: String(status),
      actor: String(actor),
      createdAt: String(created_at),
      updatedAt: String(completed_at ?? started_at ?? created_at),
      answer: (hasEnded ? answer : { ...answer, next }) as JsonObject,
    };
  }

  /** The open approvals of a run, and those among them that the caller may decide. */
  async questions(
    run: RunView,
    principal: Principal,
  ): Promise<{ all: ApprovalRow[]; own: ApprovalRow[] }> {
    if (ENDED.has(run.status)) return { all: [], own: [] };
    const all = await pendingApprovals(this.approvals, run.id);
    return { all, own: all.filter((row) => mayApprove(row, run.actor, principal)) };
  }

  /** Waits until the run has ended, at most `ms`. */
  async wait(id: string, ms: number, signal: AbortSignal): Promise<void> {
    await this.ends.waitForEnd(id, ms, signal);
  }

  /** Waits until the run has ended or asks the caller something, at most until `deadline` (epoch milliseconds). */
  async waitForQuestion(id: string, principal: Principal, deadline: number, signal: AbortSignal) {
    for (;;) {
      const run = await this.view(id, principal);
      const { all, own } = await this.questions(run, principal);
      const left = deadline - Date.now();
      if (ENDED.has(run.status) || own.length > 0 || left <= 0 || signal.aborted)
        return { run, all, own };
      await this.wait(id, Math.min(left, LOOK_MS), signal);
      // A process that stops answers every waiter at once.
      await sleep(10);
    }
  }
}

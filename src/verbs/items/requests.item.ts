import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { HelpRequests, RequestReader } from '../../kernel/help-requests.js';
import type { ApprovalRow } from '../../platform/database/entities/runs/approval.row.js';
import { countIn, requiredText, textOf } from '../call/arguments.js';
import type { VerbCaller } from '../call/verb-caller.js';
import type { Item, SearchAnswer } from './item.js';

const PREVIEW = 200;

/** Requests to people, as whoever made them finds and reads them. Only people answer them. */
export class RequestItem implements Item {
  constructor(private readonly requests: Pick<HelpRequests, 'find' | 'list'>) {}

  async search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    const query = textOf(args, 'query') ?? '';
    const limit = countIn(args, 'limit', 10, 100);
    const { rows, total } = await this.requests.list(query, limit, readerOf(caller));
    const results = rows.map((row) => ({
      id: row.id,
      type: 'request',
      score: 1,
      preview: row.description.slice(0, PREVIEW),
      metadata: requestState(row),
      source: 'project',
    }));
    return { results, total };
  }

  async load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    const row = await this.requests.find(requiredText(args, 'item_id'), readerOf(caller));
    return {
      item_id: row.id,
      item_type: 'request',
      source: 'project',
      reason: row.description,
      about: row.shows,
      ...requestState(row),
    };
  }

  execute(): Promise<JsonObject> {
    const text =
      'A request is answered by a person: mission approvals answer ID "TEXT". Load it to read the answer.';
    return Promise.reject(new MissionError('input_invalid', text));
  }
}

const readerOf = ({ principal, run }: VerbCaller): RequestReader => ({
  principal,
  isRun: run !== undefined,
});

/** How a request stands. */
export const requestState = (row: ApprovalRow): JsonObject => ({
  action: row.kind,
  status: row.status === 'pending' ? 'open' : row.status,
  answer: row.status === 'answered' ? row.comment : null,
  answered_by: row.decided_by,
  requested_at: row.requested_at.toISOString(),
});

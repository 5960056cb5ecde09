import type { DataSource } from 'typeorm';
import type { StepError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import type { TurnResult } from '../../contracts/model-turn.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { isWithin } from '../../language/plan/steps/keys-inside.js';
import type { Blobs } from '../../runs/values/blobs.js';

/** A finished turn with the outcomes of its calls, in order; undefined for a call that was not made. */
export interface PastTurn {
  turn: TurnResult;
  calls: (PastCall | undefined)[];
}

export interface PastCall {
  status: string;
  result: Json;
  error: StepError | null;
}

/** The part of a conversation before a turn. */
export interface Conversation {
  /** The inputs that were evaluated for the first turn; empty before the first turn. */
  request: JsonObject;
  past: PastTurn[];
}

interface Row extends PastCall, StepPlace {
  kind: string;
  inputs: Json;
}

const ROWS = `SELECT path, iteration, kind, status, inputs, result, error FROM execution_steps
  WHERE run_id = $1 AND starts_with(path, $2) AND status IN ('success', 'error', 'skipped', 'cancelled')
    AND ($3 = '' OR starts_with(iteration, $3 || '.'))`;

/** Reads the turns of models from the journal, so that the workflow need not carry them. */
export class Conversations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly blobs: Pick<Blobs, 'resolve'>,
  ) {}

  /** The conversation before the turn in `iteration`. `path`: the path of the `llm` step. */
  async before(runId: string, path: string, iteration: string): Promise<Conversation> {
    const indices = iteration.split('.');
    const around = indices.slice(0, -1).join('.');
    const rows: Row[] = await this.dataSource.query(ROWS, [runId, `${path}/`, around]);
    const count = Number(indices.at(-1));
    const at = (index: number) => (around === '' ? String(index) : `${around}.${index}`);
    const past: PastTurn[] = [];
    for (let index = 0; index < count; index++) past.push(await this.turnAt(rows, at(index)));
    const first = rows.find(({ kind, iteration: here }) => kind === 'turn' && here === at(0));
    const request = await this.blobs.resolve(first?.inputs ?? {});
    return { request: isObject(request) ? request : {}, past };
  }

  /** All turns of a conversation that is in no loop, such as that of a run that answered a message. */
  async of(runId: string, path: string): Promise<PastTurn[]> {
    const rows: Row[] = await this.dataSource.query(ROWS, [runId, `${path}/`, '']);
    const turns = rows.filter(({ kind, status }) => kind === 'turn' && status === 'success');
    return Promise.all(turns.map((_, index) => this.turnAt(rows, String(index))));
  }

  private async turnAt(rows: readonly Row[], iteration: string): Promise<PastTurn> {
    const inside = rows.filter((row) => isWithin(row.iteration, iteration));
    const row = inside.find(({ kind }) => kind === 'turn')!;
    const turn = (await this.blobs.resolve(row.result)) as unknown as TurnResult;
    const calls = turn.calls.map(async (_, index) => {
      // Rows of hooks of the call have a longer iteration, so an equal one is the call's.
      const call = inside.find((each) => each.iteration === `${iteration}.${index}`);
      if (!call) return undefined;
      const { status, error } = call;
      return { status, error, result: await this.blobs.resolve(call.result) };
    });
    return { turn, calls: await Promise.all(calls) };
  }
}

import type { Json, JsonObject } from '../../../contracts/json/json.js';
import type {
  BlockState,
  LoopRecord,
  Pieces,
  StepRecord,
  WhileRecord,
} from '../../../contracts/run/records.js';

import { lightTurn } from './light-turn.js';

type Keep = (value: Json) => Promise<Json>;

/** Replaces what is large in a record by references: `keep` tells what that is. */
export async function offloadRecord(record: StepRecord, keep: Keep): Promise<StepRecord> {
  if (record.status === 'loop') return offloadLoop(record, keep);
  if (record.status === 'while') return lightenWhile(record, keep);
  if (record.status === 'llm' && record.turn)
    return { ...record, turn: await lightTurn(record.turn, keep) };
  if (record.status === 'done') {
    const named = record.named && { named: await each(record.named, keep) };
    return { ...record, result: await keep(record.result), ...named };
  }
  if (record.status === 'returned') return { ...record, result: await keep(record.result) };
  if (record.status !== 'failed' || record.error.data === undefined) return record;
  return { ...record, error: { ...record.error, data: await keep(record.error.data) } };
}

/** In place: a loop's record grows while it is under way. */
export async function offloadLoop(loop: LoopRecord, keep: Keep): Promise<LoopRecord> {
  loop.items = await pieces(loop.items, keep);
  loop.errors = await pieces(loop.errors, keep);
  loop.named = await each(loop.named, keep);
  if (loop.list !== undefined) loop.list = await keep(loop.list);
  return loop;
}

async function lightenWhile(loop: WhileRecord, keep: Keep): Promise<WhileRecord> {
  if (loop.left) loop.left = await offloadState(loop.left, keep);
  return loop;
}

/** What a list of steps has left. */
export async function offloadState(state: BlockState, keep: Keep): Promise<BlockState> {
  const { result, finished, named } = state;
  const results = finished.map(
    async ([step, value]) => [step, await keep(value)] as [string, Json],
  );
  return {
    ...state,
    result: await keep(result),
    finished: await Promise.all(results),
    named: await each(named, keep),
  };
}

const pieces = async (all: Pieces, keep: Keep): Promise<Pieces> =>
  (await Promise.all(all.map(keep))) as Pieces;

async function each(values: JsonObject, keep: Keep): Promise<JsonObject> {
  const entries = Object.entries(values).map(async ([name, value]) => [name, await keep(value)]);
  return Object.fromEntries(await Promise.all(entries)) as JsonObject;
}

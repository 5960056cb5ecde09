import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { VerbCaller } from '../call/verb-caller.js';

/** One row of a search. */
export interface SearchRow {
  id: string;
  type: string;
  /** From 0 to 1. */
  score: number;
  /** How well words and meaning fit, each by itself; absent for a search by text. */
  match?: { words: number; meaning: number };
  preview: string;
  metadata: JsonObject;
  source: string;
}

export interface SearchAnswer {
  results: SearchRow[];
  total: number;
}

/** What the verbs do with one type of item. Each checks the rights that it needs. */
export interface Item {
  search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer>;
  load(args: JsonObject, caller: VerbCaller): Promise<JsonObject>;
  execute(args: JsonObject, caller: VerbCaller): Promise<JsonObject>;
}

export const notFound = (type: string, id: string, hint?: string): MissionError =>
  new MissionError(
    'not_found',
    `There is no ${type} ${id.slice(0, 100)}${hint ? `: ${hint}` : '.'}`,
  );

/** The first part of a list, with the length of the whole. */
export const pageOf = (rows: SearchRow[], limit: number): SearchAnswer => ({
  results: rows.slice(0, limit),
  total: rows.length,
});

import type { DataSource } from 'typeorm';
import { isObject, type Json } from '../contracts/json.js';

/** Bytes of JSON that one value may grow by; what is beyond stays a reference. */
const BUDGET = 8 * 1024 * 1024;
const HASH = /^[0-9a-f]{64}$/;
const MAX_DEPTH = 64;

interface Reference {
  $blob: string;
  bytes: number;
}

const isReference = (value: Json): value is Json & Reference =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  typeof value['$blob'] === 'string' &&
  HASH.test(value['$blob']) &&
  typeof value['bytes'] === 'number';

/** Puts large values back in the place of their references, for people and clients. */
export class BlobReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The value with its references resolved, up to 8 MiB in all. */
  async resolve(value: Json): Promise<Json> {
    const wanted = affordable([...references(value, 0)]);
    if (wanted.length === 0) return value;
    const rows = await this.dataSource.query<{ hash: string; value: Json }[]>(
      'SELECT hash, value FROM blobs WHERE hash = ANY($1)',
      [wanted],
    );
    return replace(value, new Map(rows.map((row) => [row.hash, row.value])));
  }
}

function* references(value: Json, depth: number): Generator<Reference> {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (isReference(value)) yield value;
  else for (const child of Object.values(value)) yield* references(child, depth + 1);
}

/** The hashes of as many references, in order, as the budget allows. */
function affordable(found: Reference[]): string[] {
  let spent = 0;
  return found
    .filter(({ bytes }) => spent + bytes <= BUDGET && (spent += bytes) >= 0)
    .map(({ $blob }) => $blob);
}

function replace(value: Json, blobs: ReadonlyMap<string, Json>): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isReference(value)) return blobs.get(value.$blob) ?? value;
  if (Array.isArray(value)) return value.map((child) => replace(child, blobs));
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, replace(child, blobs)]),
  );
}

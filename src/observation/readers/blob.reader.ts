import type { DataSource } from 'typeorm';
import type { Json } from '../../contracts/json/json.js';
import { isRef, type Ref } from '../../contracts/run/ref.js';

/** Bytes of JSON that may be loaded into one value; references beyond that stay references. */
const BUDGET = 8 * 1024 * 1024;
const MAX_DEPTH = 64;
/** Number of passes that replace references: a loaded value may hold references itself. */
const ROUNDS = 3;

/** Replaces references by the stored values, for people and clients. */
export class BlobReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The value with its references replaced, in order, as long as they are at most 8 MiB together. */
  async resolve(value: Json): Promise<Json> {
    let resolved = value;
    let budget = BUDGET;
    for (let round = 0; round < ROUNDS; round += 1) {
      const wanted = affordable([...references(resolved, 0)], budget);
      if (wanted.length === 0) break;
      resolved = replace(resolved, await this.read(wanted));
      budget -= wanted.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    return resolved;
  }

  private async read(wanted: Ref[]): Promise<Map<string, Json>> {
    const rows = await this.dataSource.query<{ hash: string; value: Json }[]>(
      'SELECT hash, value FROM blobs WHERE hash = ANY($1)',
      [wanted.map(({ $blob }) => $blob)],
    );
    return new Map(rows.map(({ hash, value }) => [hash, value]));
  }
}

function* references(value: Json, depth: number): Generator<Ref> {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
  if (isRef(value)) yield value;
  else for (const child of Object.values(value)) yield* references(child, depth + 1);
}

/** The references that fit into the budget, in order; one that is too large is left out, and smaller ones may follow. */
function affordable(found: Ref[], budget: number): Ref[] {
  let spent = 0;
  return found.filter(({ bytes }) => {
    const fits = spent + bytes <= budget;
    if (fits) spent += bytes;
    return fits;
  });
}

function replace(value: Json, blobs: ReadonlyMap<string, Json>): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isRef(value)) return blobs.get(value.$blob) ?? value;
  if (Array.isArray(value)) return value.map((child) => replace(child, blobs));
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, replace(child, blobs)]),
  );
}

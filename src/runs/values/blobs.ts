import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json } from '../../contracts/json/json.js';
import { MAX_INLINE_BYTES } from '../../contracts/plan.js';
import { isRef, MAX_STATUS_LENGTH, type Ref } from '../../contracts/run/ref.js';

const CACHE_BYTES = 32 * 1024 * 1024;

/** Stores large values by their SHA-256: a value whose JSON is longer than 128 KiB is passed on as a reference. */
export class Blobs {
  private readonly cache = new Map<string, { value: Json; bytes: number }>();
  private cached = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** Returns the value, or stores it and returns its reference when its JSON is longer than `limit` bytes. */
  async keep(value: Json, limit = MAX_INLINE_BYTES): Promise<Json> {
    if (isRef(value)) return value;
    const text = JSON.stringify(value);
    const bytes = text.length > limit ? text.length : Buffer.byteLength(text);
    return bytes > limit ? this.put(value, text) : value;
  }

  async put(value: Json, text = JSON.stringify(value)): Promise<Ref> {
    const hash = createHash('sha256').update(text).digest('hex');
    const bytes = Buffer.byteLength(text);
    await this.dataSource.query(
      `INSERT INTO blobs (hash, bytes, value) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING`,
      [hash, bytes, text],
    );
    this.remember(hash, value, bytes);
    return { $blob: hash, bytes, ...statusOf(value) };
  }

  /** Returns the value that a reference stands for, or the given value. References inside the value stay. */
  async open(value: Json): Promise<Json> {
    return isRef(value) ? this.open(await this.get(value.$blob)) : value;
  }

  /** The value of a hash when the cache holds it. */
  peek(hash: string): Json | undefined {
    return this.cache.get(hash)?.value;
  }

  async get(hash: string): Promise<Json> {
    const known = this.peek(hash);
    if (known !== undefined) return known;
    const rows: { value: Json; bytes: number }[] = await this.dataSource.query(
      'SELECT value, bytes FROM blobs WHERE hash = $1',
      [hash],
    );
    if (!rows[0]) throw new MissionError('internal', `The stored value ${hash} is missing.`);
    this.remember(hash, rows[0].value, rows[0].bytes);
    return rows[0].value;
  }

  /** Returns the value with every reference in it replaced by the stored value. */
  async resolve(value: Json): Promise<Json> {
    if (isRef(value)) return this.resolve(await this.open(value));
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.resolve(item)));
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(async ([k, v]) => [k, await this.resolve(v)]);
    return Object.fromEntries(await Promise.all(entries)) as Json;
  }

  private remember(hash: string, value: Json, bytes: number): void {
    if (this.cache.has(hash)) return;
    this.cache.set(hash, { value, bytes });
    this.cached += bytes;
    for (const [oldest, entry] of this.cache) {
      if (this.cached <= CACHE_BYTES || oldest === hash) return;
      this.cache.delete(oldest);
      this.cached -= entry.bytes;
    }
  }
}

function statusOf(value: Json): { status?: string } {
  const status = isObject(value) && Object.hasOwn(value, 'status') ? value.status : undefined;
  return typeof status === 'string' && status.length <= MAX_STATUS_LENGTH ? { status } : {};
}

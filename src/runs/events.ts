import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import { SIGNAL_NAME } from '../contracts/message.js';
import { notify } from '../platform/database/sql/notify.js';
import { sql } from '../platform/database/sql/sql.js';
import { Statement } from '../platform/database/sql/statement.js';

/** An event to emit. Events with the same key count as one. */
export interface NewEvent {
  name: string;
  data: JsonObject;
  key: string;
  run_id: string;
  actor: string;
}

/** A step that waits for an event. */
export interface EventWait {
  run_id: string;
  path: string;
  iteration: string;
  event: string;
  match: JsonObject;
}

/** Stores the event, sends a message to each step that waits for it, and deletes those waits. */
const EMIT = new Statement<
  { told: string },
  { id: string; name: string; data: string; run: string; actor: string }
>(
  'events.emit',
  (p) => sql`WITH fresh AS (INSERT INTO events (id, name, data, run_id)
      VALUES (${p.id}, ${p.name}, ${p.data}::text::jsonb, ${p.run})
      ON CONFLICT (id) DO NOTHING RETURNING name, data),
    met AS (DELETE FROM event_waits w USING fresh
      WHERE w.name = fresh.name AND fresh.data @> w.match RETURNING w.run_id, w.path, w.iteration),
    sent AS (INSERT INTO run_messages (run_id, kind, name, payload, actor)
      SELECT run_id, 'event', path || '#' || iteration, ${p.data}::text::json, ${p.actor} FROM met RETURNING run_id),
    box AS (INSERT INTO outbox (kind, run_id) SELECT DISTINCT 'messages', run_id FROM sent)
  SELECT ${notify('outbox')} AS told FROM (SELECT 1 FROM sent LIMIT 1) AS any_sent`,
);

const LISTEN = `INSERT INTO event_waits (run_id, path, iteration, name, match)
  VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`;

/** Emits each event once, to the steps that wait for it at that time. */
export class Events {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Emits an event and returns its id, which is derived from the key.
   * @throws MissionError `input_invalid` for a bad name, or for NUL characters in the data
   */
  async emit({ name, data, key, run_id, actor }: NewEvent): Promise<{ event_id: string }> {
    if (!SIGNAL_NAME.test(name)) {
      const text = `${JSON.stringify(name).slice(0, 100)} is not a valid name for an event. Use letters, digits, "_", "-" and ".".`;
      throw new MissionError('input_invalid', text);
    }
    const id = idOf(key);
    await EMIT.run(this.dataSource, { id, name, data: storable(data), run: run_id, actor });
    return { event_id: id };
  }

  async listen({ run_id, path, iteration, event, match }: EventWait): Promise<void> {
    await this.dataSource.query(LISTEN, [run_id, path, iteration, event, storable(match)]);
  }
}

/** Postgres compares events as `jsonb`, which has no NUL. */
function storable(value: JsonObject): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u0000')) return text;
  throw new MissionError('input_invalid', 'The data of an event cannot contain NUL characters.');
}

/** A UUID derived from the key: version 8 (RFC 9562), for custom schemes. */
function idOf(key: string): string {
  const hex = createHash('sha256').update(`event:${key}`).digest('hex');
  const variant = ((parseInt(hex[16]!, 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

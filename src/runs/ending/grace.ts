import { sql, literal } from '../../platform/database/sql/sql.js';

/** Seconds beyond the interpreter's own bound of an ending (a tenth of the run's duration limit, at least 300 s). */
const SLACK_SECONDS = literal('30');

/** SQL over a run `e`: the seconds from the request of its cancellation until it is ended hard. */
export const DEFAULT_GRACE_SECONDS = sql`(${SLACK_SECONDS}::int + coalesce((SELECT greatest(300,
  (plan->'limits'->>'duration_seconds')::float8 / 10) FROM directive_plans WHERE hash = e.plan_hash), 300))`;

import { sql, literal } from '../../platform/database/sql/sql.js';

/** A run's ending bounds itself by a tenth of the run's limit, at least 300 s: a little later nobody waits any more. */
const SLACK_SECONDS = literal('30');

/** SQL over a run `e`: seconds that it may take to end after its cancellation was asked for. */
export const DEFAULT_GRACE_SECONDS = sql`(${SLACK_SECONDS}::int + coalesce((SELECT greatest(300,
  (plan->'limits'->>'duration_seconds')::float8 / 10) FROM directive_plans WHERE hash = e.plan_hash), 300))`;

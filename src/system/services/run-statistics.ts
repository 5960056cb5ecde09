import type { DataSource } from 'typeorm';
import type { DirectiveRuns } from '../analysis/anomalies.js';

/** Days that say what is usual. */
const HISTORY_DAYS = 7;
/** Spans of the same length that say what volume is usual. */
const SPANS = 144;
/** Durations of one directive that are read. */
const MOST_DURATIONS = 500;

const ENDED = `SELECT directive_name AS directive,
    count(*) FILTER (WHERE now)::int AS now_runs, count(*) FILTER (WHERE now AND status = 'error')::int AS now_errors,
    count(*) FILTER (WHERE NOT now)::int AS before_runs, count(*) FILTER (WHERE NOT now AND status = 'error')::int AS before_errors,
    coalesce((array_agg(duration_ms ORDER BY completed_at DESC) FILTER (WHERE now AND status = 'success'))[1:${MOST_DURATIONS}], '{}') AS now_ms,
    coalesce((array_agg(duration_ms ORDER BY completed_at DESC) FILTER (WHERE NOT now AND status = 'success'))[1:${MOST_DURATIONS}], '{}') AS before_ms
  FROM (SELECT directive_name, status, duration_ms, completed_at, completed_at > now() - $1 * interval '1 minute' AS now
    FROM directive_executions WHERE completed_at > now() - interval '${HISTORY_DAYS} days' AND shadow_of IS NULL) e
  GROUP BY directive_name HAVING bool_or(now)`;
const BEGUN = `SELECT directive_name AS directive, floor(extract(epoch FROM now() - created_at) / ($1 * 60))::int AS span,
    count(*)::int AS runs, coalesce(sum((spent->>'cost_usd')::float8), 0) AS usd
  FROM directive_executions WHERE created_at > now() - ${SPANS + 1} * $1 * interval '1 minute' AND shadow_of IS NULL
  GROUP BY 1, 2`;
const FIRST = `SELECT least(${SPANS}, floor(extract(epoch FROM now() - min(created_at)) / ($1 * 60)))::int AS spans FROM directive_executions`;
const SUMMARY = `SELECT directive_name AS directive, count(*)::int AS runs,
    count(*) FILTER (WHERE status = 'error')::int AS errors, count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE status = 'success') AS p50_ms,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE status = 'success') AS p95_ms,
    coalesce(sum((spent->>'cost_usd')::float8), 0) AS cost_usd, coalesce(sum((spent->>'tokens')::float8), 0) AS tokens
  FROM directive_executions
  WHERE completed_at > now() - $1 * interval '1 hour' AND completed_at <= now() - $2 * interval '1 hour' AND shadow_of IS NULL
  GROUP BY directive_name ORDER BY runs DESC, directive_name LIMIT 200`;
const FAILURES = `SELECT directive_name AS directive, error->>'code' AS code, left(error->>'message', 200) AS message, count(*)::int AS count,
    max(id) AS example FROM directive_executions
  WHERE completed_at > now() - $1 * interval '1 hour' AND status = 'error' GROUP BY 1, 2, 3 ORDER BY count DESC LIMIT 20`;

interface EndedRow {
  directive: string;
  now_runs: number;
  now_errors: number;
  before_runs: number;
  before_errors: number;
  now_ms: number[];
  before_ms: number[];
}

interface BegunRow {
  directive: string;
  /** 0 = the span that is looked at, 1 = the one before … */
  span: number;
  runs: number;
  usd: number;
}

/** The runs of one directive in a period. */
export interface DirectiveSummary {
  directive: string;
  runs: number;
  errors: number;
  cancelled: number;
  p50_ms: number | null;
  p95_ms: number | null;
  cost_usd: number;
  tokens: number;
}

export interface FailureCount {
  directive: string;
  code: string | null;
  message: string | null;
  count: number;
  /** The id of a run that failed so. */
  example: string;
}

/** Reads figures about runs. */
export class RunStatistics {
  constructor(private readonly dataSource: DataSource) {}

  /** What ended or began in the last minutes, beside what is usual. */
  async recent(minutes: number): Promise<DirectiveRuns[]> {
    const ended = await this.dataSource.query<EndedRow[]>(ENDED, [minutes]);
    const begun = await this.dataSource.query<BegunRow[]>(BEGUN, [minutes]);
    const [known] = await this.dataSource.query<{ spans: number | null }[]>(FIRST, [minutes]);
    const names = new Set(
      [...ended, ...begun.filter(({ span }) => span === 0)].map(({ directive }) => directive),
    );
    return [...names].map((directive) => {
      const row = ended.find((each) => each.directive === directive);
      const spans = begun.filter((each) => each.directive === directive);
      const series = (value: (span: BegunRow) => number) => ({
        now: spans.filter(({ span }) => span === 0).map(value)[0] ?? 0,
        before: Array.from({ length: known?.spans ?? 0 }, (_, at) => {
          const found = spans.find(({ span }) => span === at + 1);
          return found ? value(found) : 0;
        }),
      });
      return {
        directive,
        durations: { now: row?.now_ms ?? [], before: row?.before_ms ?? [] },
        ends: {
          now: { runs: row?.now_runs ?? 0, errors: row?.now_errors ?? 0 },
          before: { runs: row?.before_runs ?? 0, errors: row?.before_errors ?? 0 },
        },
        volume: series(({ runs }) => runs),
        spend: series(({ usd }) => usd),
      };
    });
  }

  /** Figures of each directive for the runs that ended between two times, in hours ago. */
  summary(fromHours: number, toHours = 0): Promise<DirectiveSummary[]> {
    return this.dataSource.query(SUMMARY, [fromHours, toHours]);
  }

  /** The most frequent failures of the last hours. */
  failures(hours: number): Promise<FailureCount[]> {
    return this.dataSource.query(FAILURES, [hours]);
  }
}

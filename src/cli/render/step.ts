import type { Session } from '../client/session.js';
import type { LogView, StepDetail, StepView } from '../client/views.js';
import { duration } from './duration.js';
import { errorText } from './error-text.js';
import { renderError } from './error.js';
import { logLine } from './log.js';
import { firstLine, paintStatus, placeOf, pretty, section, when } from './run.js';
import { table } from './table.js';

/** Tokens and cost of model turns. */
export interface UsageView {
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
}

/** A step with its model usage and log entries. */
export interface StepPage {
  step: StepDetail;
  usage: UsageView | null;
  logs: LogView[];
}

/** Adds two usages. */
export const addUsage = (one: UsageView, other: UsageView): UsageView => ({
  input_tokens: one.input_tokens + other.input_tokens,
  output_tokens: one.output_tokens + other.output_tokens,
  cost_usd: one.cost_usd + other.cost_usd,
});

/** Formats one step: head, inputs, result or error, logs. */
export function renderStep(session: Session, { step, usage, logs }: StepPage): string {
  const { kind, status, durationMs, attempt, startedAt, reusedFrom, childId, error } = step;
  const head = [
    `${session.paint('bold', placeOf(step))}  ${kind}  ${paintStatus(session, status)}  ${duration(durationMs)}`,
    `started   ${when(startedAt)}${attempt > 1 ? `  attempt ${attempt}` : ''}`,
    ...(reusedFrom ? [`reused    from run ${reusedFrom}`] : []),
    ...(childId ? [`run       ${childId}`] : []),
    ...(usage ? [`usage     ${usageText(usage)}`] : []),
  ];
  const parts = [head.join('\n'), section(session, 'inputs', pretty(step.inputs))];
  if (error) parts.push(section(session, 'error', renderError(error)));
  else parts.push(section(session, 'result', pretty(step.result)));
  if (logs.length > 0) {
    parts.push(section(session, 'logs', logs.map((each) => logLine(session, each)).join('\n')));
  }
  return parts.join('\n\n');
}

/** Formats `1,200 tokens in, 80 out, 0.0042 USD`. */
export const usageText = ({ input_tokens, output_tokens, cost_usd }: UsageView): string =>
  `${input_tokens.toLocaleString('en')} tokens in, ${output_tokens.toLocaleString('en')} out, ${+cost_usd.toFixed(6)} USD`;

/** Formats the iterations of a step as a table. */
export const stepRows = (session: Session, steps: readonly StepView[]): string =>
  table(
    ['STEP', 'STATUS', 'TOOK', 'ATTEMPT', 'ERROR'],
    steps.map((step) => [
      placeOf(step),
      paintStatus(session, step.status),
      duration(step.durationMs),
      step.attempt > 1 ? String(step.attempt) : '',
      step.error ? firstLine(errorText(step.error), 60) : '',
    ]),
    session.columns,
  );

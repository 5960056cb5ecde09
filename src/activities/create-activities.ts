import { ApplicationFailure } from '@temporalio/activity';
import { MissionError } from '../contracts/errors.js';
import type { ActivityServices } from './activity-services.js';
import { automationActivities } from './automation.activities.js';
import { runActivities } from './run.activities.js';
import { stepActivities } from './step.activities.js';
import { threadActivities } from './thread.activities.js';
import { valueActivities } from './value.activities.js';
import { waitActivities } from './wait.activities.js';

/**
 * All activities that workflows call. Names with a dot are Mission Control's own: no step can have one of them,
 * because a step's name has no dot.
 */
export const createActivities = (services: ActivityServices) =>
  withNonRetryableFailures({
    ...stepActivities(services),
    ...runActivities(services),
    ...waitActivities(services),
    ...valueActivities(services),
    ...threadActivities(services),
    ...automationActivities(services),
  });

export type Activities = ReturnType<typeof createActivities>;

/** Marks MissionErrors that are not retryable as such for Temporal: they fail the step or the run. Others are retried. */
function withNonRetryableFailures<T extends Record<string, (...args: never[]) => Promise<unknown>>>(
  activities: T,
): T {
  const wrapped = Object.entries(activities).map(([name, work]) => [
    name,
    async (...args: never[]) => {
      try {
        return await work(...args);
      } catch (thrown) {
        if (!(thrown instanceof MissionError) || thrown.retryable) throw thrown;
        const { code, message, data } = thrown;
        const details = data === undefined ? [] : [data];
        throw ApplicationFailure.create({ message, type: code, nonRetryable: true, details });
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

/** The same work written by hand: one activity per step. */
import { proxyActivities } from '@temporalio/workflow';

const { fib } = proxyActivities({ startToCloseTimeout: '10s' });

export async function stepByStep(steps) {
  let result = null;
  for (let step = 1; step <= steps; step += 1) result = await fib(step);
  return result;
}

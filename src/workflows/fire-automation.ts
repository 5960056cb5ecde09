import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/create-activities.js';

const activities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '10s' },
});

/**
 * What a schedule in Temporal starts at each due time. Which due times there were is read from the ledger, so that it does no harm
 * when this comes late, twice or not at all.
 */
export async function FireAutomation(automationId: string): Promise<void> {
  await activities['automation.fire'](automationId);
}

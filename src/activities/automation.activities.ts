import type { ActivityServices } from './activity-services.js';

/** Activities of the workflow that schedules start. */
export const automationActivities = ({ automations }: ActivityServices) => ({
  'automation.fire': (automationId: string): Promise<void> => automations.fire(automationId),
});

import type { SystemScript } from '../services/system-script.js';

/** Raises one alert about a stalled run or conversation; while that one is open, there is no second. */
export const alertStalledThread: SystemScript = async ({ inputs, context }, services) => {
  const thread_id = String(inputs.thread_id);
  const given = inputs.message;
  const message =
    typeof given === 'string'
      ? given
      : `${thread_id} is stalled: look at it with mission executions show ${thread_id}, or cancel it.`;
  const entry = {
    script: 'alert_stalled_thread',
    subject: `thread:${thread_id}`,
    message,
    data: { thread_id },
  };
  const alert_id = await services.logs().alertOnce('thread_stalled', entry, context);
  return { alert_id, thread_id };
};

import type { Handler } from '../../client/command-spec.js';
import { when } from '../../render/run.js';
import { table } from '../../render/table.js';
import { EXIT } from '../../terminal/cli-error.js';
import { readCount } from '../../terminal/read-count.js';

interface AlertView {
  id: string;
  kind: string;
  severity: string;
  message: string;
  subject: string;
  executionId: string | null;
  status: string;
  createdAt: string;
}

const QUERY = `query ($first: Int, $status: AlertStatus) { alerts(first: $first, status: $status) {
  nodes { id kind severity message subject executionId status createdAt } } }`;
const HEAD = ['RAISED', 'SEVERITY', 'STATUS', 'ABOUT', 'MESSAGE'];
const MOST = 100;

/** `mission alerts list`. With `--json` one line per alert. */
export const listAlerts: Handler = async (session, _args, options) => {
  const first = Math.min(readCount('--limit', options['limit'], 20), MOST);
  const status = options['all'] === true ? null : 'OPEN';
  const api = await session.api();
  const { alerts } = await api.graphql<{ alerts: { nodes: AlertView[] } }>(QUERY, {
    first,
    status,
  });
  if (session.json) alerts.nodes.forEach((alert) => session.result(alert, String));
  else if (alerts.nodes.length === 0) session.note('no alerts');
  else session.result(alerts.nodes, () => table(HEAD, alerts.nodes.map(row), session.columns));
  return EXIT.done;
};

const row = (alert: AlertView): string[] => [
  when(alert.createdAt),
  alert.severity.toLowerCase(),
  alert.status.toLowerCase(),
  alert.subject,
  alert.message,
];

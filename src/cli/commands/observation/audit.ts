import type { Json } from '../../../contracts/json/json.js';
import type { Handler } from '../../client/command-spec.js';
import { when } from '../../render/run.js';
import { table } from '../../render/table.js';
import { EXIT } from '../../terminal/cli-error.js';
import { readCount } from '../../terminal/read-count.js';

interface AuditView {
  id: string;
  at: string;
  actor: string;
  action: string;
  target: string;
  data: Json;
}

const QUERY = `query ($first: Int, $target: String) { auditEvents(first: $first, target: $target) {
  nodes { id at actor action target data } } }`;
const HEAD = ['AT', 'ACTOR', 'ACTION', 'TARGET', 'DATA'];
const MOST = 100;

/** `mission audit list`. With `--json` one line per event. */
export const listAudit: Handler = async (session, _args, options) => {
  const first = Math.min(readCount('--limit', options['limit'], 20), MOST);
  const target = (options['target'] as string | undefined) ?? null;
  const api = await session.api();
  const { auditEvents } = await api.graphql<{ auditEvents: { nodes: AuditView[] } }>(QUERY, {
    first,
    target,
  });
  const events = auditEvents.nodes;
  if (session.json) events.forEach((event) => session.result(event, String));
  else if (events.length === 0) session.note('no such events');
  else session.result(events, () => table(HEAD, events.map(row), session.columns));
  return EXIT.done;
};

const row = ({ at, actor, action, target, data }: AuditView): string[] => [
  when(at),
  actor,
  action,
  target,
  data === null ? '' : JSON.stringify(data),
];

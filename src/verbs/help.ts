import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import { HELP_KINDS, type HelpKind } from '../contracts/run/approval.js';
import type { HelpRequests } from '../kernel/help-requests.js';
import type { AlertRecord } from '../observation/record.js';
import { actionIn, textOf } from './call/arguments.js';
import { patienceOf, type VerbCaller } from './call/verb-caller.js';
import { requestState } from './items/requests.item.js';

const TOPICS: Record<string, string> = {
  overview: `Four verbs do everything here:
- search(item_type, query): find something
- load(item_type, item_id): read it
- execute(item_type, action, item_id, parameters): act on it
- help(topic): learn more
Item types: directive (what can be run), tool (a script), knowledge (notes), system (facts about this machine), thread (a conversation), execution (a run), request (a question to a person).
Usual way: search for a directive, look at its inputs in the answer, execute it with action "run".`,
  search: `search(item_type, query, source, limit): an empty query lists everything. The results are sorted by score, from 0 to 1; metadata of a directive has its inputs and says whether it is destructive. For item_type "execution" there are status ("error", "running", …), since ("24h") and directive as well.`,
  load: `load(item_type, item_id): the text of a directive or tool, with its findings; of a run its status, inputs, result, error and failed steps. An id of a run may be shortened to its first characters.`,
  execute: `execute(item_type "directive", action "run", item_id NAME, parameters {"inputs": {…}}) runs a directive and waits up to 20 seconds. An answer with missing_inputs means: ask for them and call again. An answer with status "running" means: it goes on; load it as an execution later.
Other actions: create, update, delete, publish (with parameters.content; dry_run checks only). execution: cancel, rerun. thread: message, read, pause, resume, cancel. system: run.`,
  system: `execute(item_type "system", action "run", item_id) with runtime, paths, shell or mcp: facts about the machine that Mission Control runs on. Nothing there can be changed.`,
  directives: `A directive is a YAML list of steps, or Markdown with instructions for a model, in .ai/directives of the project, ~/.ai/directives of the user, or shipped with Mission Control. The project's hide the user's; names of shipped ones are reserved. It declares inputs, permissions and limits. mission validate FILE tells every mistake.`,
  tools: `A tool is a script in .ai/scripts: TypeScript, JavaScript, Python or shell. execute(item_type "tool", action "run", item_id NAME, parameters {…}) runs it by itself, as a run like any other.`,
  knowledge: `Knowledge is notes in Markdown: files with front matter (id, title, category) in .ai/knowledge of the project or the user, and entries of the database. search finds them, load reads them. execute writes entries of the database: create and update with parameters {"title", "category", "content", "confidence"}, delete with {"confirm": true}; dry_run checks only. A file of the same id hides an entry.`,
};
const ACTIONS = ['guidance', ...HELP_KINDS] as const;

/** What asks people. */
export interface PeopleAsked {
  requests: Pick<HelpRequests, 'open' | 'wait'>;
  /** Tells people that somebody asks them. */
  alert(alert: AlertRecord): Promise<string>;
}

/**
 * Answers `help`: a topic, or a request to a person, which is kept until somebody answers it. A call that asks waits for
 * the answer as long as it may; later `load` tells it.
 */
export async function help(
  args: JsonObject,
  caller: VerbCaller,
  people: PeopleAsked,
): Promise<JsonObject> {
  const action = textOf(args, 'action') === undefined ? 'guidance' : actionIn(args, ACTIONS);
  if (action !== 'guidance') return request(action, args, caller, people);
  const topic = textOf(args, 'topic') ?? 'overview';
  const known = Object.hasOwn(TOPICS, topic);
  const text = known ? TOPICS[topic]! : TOPICS['overview']!;
  return { topic: known ? topic : 'overview', text, topics: Object.keys(TOPICS) };
}

async function request(
  kind: HelpKind,
  args: JsonObject,
  caller: VerbCaller,
  { requests, alert }: PeopleAsked,
): Promise<JsonObject> {
  const reason = textOf(args, 'reason')?.trim();
  if (!reason)
    throw new MissionError('input_invalid', '"reason" is missing: say what the matter is.');
  const patience = patienceOf(args, caller);
  const { attempts = null, options = null, context = null } = args;
  const { principal, run } = caller;
  const about = { attempts, options, context };
  const by = { actor: principal.actor, ...(run && { run: { id: run.id, key: run.key } }) };
  const { id } = await requests.open({ kind, reason, about, ...by });
  await alert(alertOf(id, kind, reason, caller));
  const row = await requests.wait(id, patience, caller.signal);
  const next = { verb: 'load', item_type: 'request', item_id: id };
  return { request_id: id, ...requestState(row), ...(row.status === 'pending' && { next }) };
}

const alertOf = (
  id: string,
  kind: HelpKind,
  reason: string,
  { principal, run }: VerbCaller,
): AlertRecord => ({
  kind: `help_${kind}`,
  severity: kind === 'checkpoint' ? 'info' : 'warning',
  message: `${principal.actor}: ${reason}`.slice(0, 2_000),
  subject: run?.threadId !== undefined ? `thread:${run.threadId}` : `actor:${principal.actor}`,
  data: { request_id: id, answer_with: `mission approvals answer ${id} "TEXT"` },
  idempotency_key: `help:${id}`,
  ...(run && { run_id: run.id }),
});

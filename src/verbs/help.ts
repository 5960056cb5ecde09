import { MissionError } from '../contracts/errors.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { AlertRecord } from '../observation/record.js';
import { textOf } from './call/arguments.js';
import type { VerbCaller } from './call/verb-caller.js';

const TOPICS: Record<string, string> = {
  overview: `Four verbs do everything here:
- search(item_type, query): find something
- load(item_type, item_id): read it
- execute(item_type, action, item_id, parameters): act on it
- help(topic): learn more
Item types: directive (what can be run), tool (a script), knowledge (notes), system (facts about this machine), thread (a conversation), execution (a run).
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
const ACTIONS = ['guidance', 'stuck', 'escalate', 'checkpoint'];

/** Raises a request to a person. */
export type Raise = (alert: AlertRecord) => Promise<string>;

/** Answers `help`: a topic, or a request to a person, which is kept until somebody answers it. */
export async function help(
  args: JsonObject,
  caller: VerbCaller,
  raise: Raise,
): Promise<JsonObject> {
  const action = textOf(args, 'action');
  if (action !== undefined && !ACTIONS.includes(action))
    throw new MissionError(
      'input_invalid',
      `action is ${JSON.stringify(action.slice(0, 40))}: there are ${ACTIONS.join(', ')}.`,
    );
  if (action !== undefined && action !== 'guidance') return request(action, args, caller, raise);
  const topic = textOf(args, 'topic') ?? 'overview';
  const known = Object.hasOwn(TOPICS, topic);
  const text = known ? TOPICS[topic]! : TOPICS['overview']!;
  return { topic: known ? topic : 'overview', text, topics: Object.keys(TOPICS) };
}

async function request(
  action: string,
  args: JsonObject,
  { principal, run }: VerbCaller,
  raise: Raise,
): Promise<JsonObject> {
  const reason = textOf(args, 'reason')?.trim();
  if (!reason)
    throw new MissionError('input_invalid', '"reason" is missing: say what the matter is.');
  const { attempts = null, options = null, context = null } = args;
  const id = await raise({
    kind: `help_${action}`,
    severity: action === 'checkpoint' ? 'info' : 'warning',
    message: `${principal.actor}: ${reason}`.slice(0, 2_000),
    subject: run?.threadId !== undefined ? `thread:${run.threadId}` : `actor:${principal.actor}`,
    data: { action, reason, attempts, options, context },
    ...(run && { run_id: run.id, idempotency_key: `help:${run.key}` }),
  });
  return { request_id: id, action, status: 'open' };
}

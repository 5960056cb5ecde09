import { isObject, type JsonObject } from '../contracts/json/json.js';
import type { Talk } from './talk.js';
import { likelyMeant } from './by-meaning.js';
import { directivesIn, inputsIn, ranked, type DirectiveFact } from './directives.js';
import { fillInputs } from './fill-inputs.js';
import { ask } from './questions.js';
import { directiveLine, inputsLine, numbered, shortId, shown } from './show.js';

/** Results of a search by meaning are many: those that share words must be among them. */
const FOUND = 20;
/** From this fit on, a request means a directive. */
const SURE = 0.5;
/** A directive that is this far ahead of all others is meant, too, if it destroys nothing. */
const AHEAD = 0.2;
/** From this fit on, a directive is worth a question. */
const MAYBE = 0.3;
/** Two directives that are nearer than this are not told apart. */
const MARGIN = 0.1;

/** Runs what a request means, or asks. */
export function runRequest(talk: Talk, request: string, explicit: boolean): string {
  const found = talk.asking.ask('search', { item_type: 'directive', query: request, limit: FOUND });
  if (!found.ok) return refused('I cannot search', found);
  const facts = directivesIn(found.value);
  const [best, next, ...others] = ranked(request, facts);
  if (!best || best.fit < MAYBE)
    return inOtherWords(talk, request, facts) ?? nothing(request, explicit);
  const clear = !next || best.fit - next.fit >= MARGIN || (best.fit === 1 && next.fit < 1);
  if (!clear) {
    const near = [best, next, ...others].filter(({ fit }) => best.fit - fit < MARGIN).slice(0, 5);
    return choose(near.map(({ fact }) => fact));
  }
  const { fact, fit } = best;
  const inputs = fillInputs(request, fact, talk.now);
  const other = fit < SURE && clearlyAnother(facts, fact);
  if (other) return choose([fact, other]);
  const isMeant = fit >= SURE || fit - (next?.fit ?? 0) >= AHEAD;
  if (!isMeant || fact.destructive) return confirm(fact, inputs);
  return runDirective(talk, fact.id, inputs, fact.destructive);
}

/** The directive that clearly means the same, if it is not the one whose words fit: a word may fit by chance. */
function clearlyAnother(
  facts: readonly DirectiveFact[],
  { id }: DirectiveFact,
): DirectiveFact | undefined {
  const [only, ...others] = likelyMeant(facts);
  return others.length === 0 && only?.id !== id ? only : undefined;
}

/** Asks whether what means the same is meant. */
function inOtherWords(
  talk: Talk,
  request: string,
  facts: readonly DirectiveFact[],
): string | undefined {
  const likely = likelyMeant(facts);
  const [only, ...others] = likely;
  if (!only) return undefined;
  if (others.length > 0) return choose(likely);
  return confirm(only, fillInputs(request, only, talk.now));
}

const choose = (facts: readonly DirectiveFact[]): string =>
  `Which one do you mean?\n${numbered(facts.map(directiveLine))}`;

const nothing = (request: string, explicit: boolean): string =>
  explicit
    ? `I find no directive for "${request}". Say "what can I run?" for a list.`
    : `I do not know what to do with "${request}". I am the built-in model; say "help" for examples.`;

const confirm = (
  { id, destructive }: Pick<DirectiveFact, 'id' | 'destructive'>,
  inputs: JsonObject,
): string =>
  `Shall I run \`${id}\` with ${inputsLine(inputs)}?${destructive ? ' It may delete or overwrite something.' : ''} (yes or no)`;

/** Runs a directive and says how it ended. One that may destroy something is run only after a yes. */
export function runDirective(
  talk: Talk,
  id: string,
  inputs: JsonObject,
  isDestructive = false,
): string {
  if (isDestructive) return confirm({ id, destructive: true }, inputs);
  const answer = talk.asking.ask('execute', {
    item_type: 'directive',
    action: 'run',
    item_id: id,
    parameters: { inputs },
  });
  if (!answer.ok) return refused(`\`${id}\` was not run`, answer);
  const { value } = answer;
  if (Array.isArray(value['missing_inputs']) && value['missing_inputs'].length > 0) {
    const names = value['missing_inputs'].map((each) =>
      isObject(each) ? String(each['name']) : String(each),
    );
    const all = inputsIn(value['all_inputs']);
    return ask(
      id,
      all.filter(({ name }) => names.includes(name)),
    );
  }
  return outcome(id, value);
}

function outcome(id: string, value: JsonObject): string {
  const { status, result, error, execution_id: run } = value;
  const which = typeof run === 'string' ? ` (run ${shortId(run)})` : '';
  if (status === 'success')
    return result === null || result === undefined
      ? `\`${id}\` is done${which}.`
      : `\`${id}\` is done${which}:\n${shown(result)}`;
  if (status === 'error') {
    const message = isObject(error) ? String(error['message'] ?? error['code']) : String(error);
    const step =
      isObject(error) && typeof error['step'] === 'string' ? ` in step \`${error['step']}\`` : '';
    return `\`${id}\` failed${step}${which}: ${message}`;
  }
  if (status === 'cancelled') return `\`${id}\` was cancelled${which}.`;
  return `\`${id}\` is still running${which}. Ask "is it done?", or say "stop that".`;
}

export const refused = (
  what: string,
  { code, message }: { code: string; message: string },
): string =>
  code === 'permission_denied' ? `${what}: you may not. ${message}` : `${what}: ${message}`;

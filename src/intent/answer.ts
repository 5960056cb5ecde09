import type { Json, JsonObject } from '../contracts/json/json.js';
import type { Talk } from './talk.js';
import { ask, explain, find, status, stop, system } from './questions.js';
import {
  lastExecution,
  lastList,
  lastRun,
  knownDirective,
  pendingIn,
  type Pending,
} from './memory.js';
import { fillInputs, answerFor } from './fill-inputs.js';
import { runDirective, runRequest } from './running.js';
import { withoutPoliteness } from './politeness.js';
import { understand } from './understand.js';
import type { Wish } from './wish.js';
import { wordsOf } from './words.js';

const WHO =
  'I am the built-in model of Mission Control: rules, not a language model. I find directives and run them, and tell what ran and why it failed. With a model in mission.yaml, that one answers instead.';
const GUIDE = `I am the built-in model: I understand short requests. For example:
- "what can I run?" or "find something for reports"
- "run NAME with input=value", or in your own words
- "what does NAME do?"
- "what is running?", "what failed last night?", "why?"
- "again", "and the other one too", "stop that"`;

/**
 * The answer to the present message.
 * @throws NeedsCall while answers of verbs are missing
 */
export function answerTo(talk: Talk): string {
  const wish = understand(talk.present.message);
  const pending = pendingIn(talk.exchanges);
  const settled = pending && answerPending(talk, pending, wish);
  return settled ?? answerWish(talk, wish);
}

function answerWish(talk: Talk, wish: Wish): string {
  switch (wish.kind) {
    case 'greet':
      return `Hello. ${WHO.split('.')[0]}. Say "help" for examples.`;
    case 'thanks':
      return 'You are welcome.';
    case 'who':
      return WHO;
    case 'guide':
      return GUIDE;
    case 'forbid':
      return 'Nothing was started.';
    case 'yes':
    case 'no':
      return wish.kind === 'yes'
        ? 'There is no question open. Say what to do, or "help".'
        : 'All right; nothing was started.';
    case 'list':
      return find(talk, wish.type, wish.query);
    case 'explain':
      return explain(talk, wish.about);
    case 'system':
      return system(talk, wish.item);
    case 'status':
      return status(talk, wish, lastExecution(talk.exchanges));
    case 'cancel':
      return stop(talk, wish.about, lastExecution(talk.exchanges));
    case 'again':
      return again(talk);
    case 'also':
      return also(talk, wish.about);
    case 'pick':
      return pick(talk, wish.index);
    case 'run':
      return runRequest(talk, wish.request, wish.explicit);
  }
}

/** The answer to a question of ours; undefined when the message is about something else. */
function answerPending(talk: Talk, pending: Pending, wish: Wish): string | undefined {
  if (wish.kind === 'no' || wish.kind === 'cancel' || wish.kind === 'forbid')
    return wish.kind === 'cancel' && wordsOf(wish.about).length > 2
      ? undefined
      : 'All right; nothing was started.';
  switch (pending.kind) {
    case 'confirm':
      return wish.kind === 'yes' ? runDirective(talk, pending.id, pending.inputs) : undefined;
    case 'choose': {
      const at = wish.kind === 'pick' ? wish.index : named(talk.present.message, pending.ids);
      const id = pending.ids.at(at ?? pending.ids.length);
      if (id === undefined)
        return wish.kind === 'yes' ? 'Which one? Say its number or name.' : undefined;
      const fact = knownDirective(talk.exchanges, id);
      const inputs = fact ? fillInputs(pending.request, fact, talk.now) : {};
      return runDirective(talk, id, inputs, fact?.destructive === true);
    }
    case 'missing':
      return completed(talk, pending, wish);
  }
}

function named(message: string, ids: readonly string[]): number | undefined {
  const said = ` ${wordsOf(message).join(' ')} `;
  const at = ids.findIndex((id) => said.includes(` ${wordsOf(id).join(' ')} `));
  return at < 0 ? undefined : at;
}

/** Fills in what was asked for. A message that is an order or a question of its own is not an answer. */
function completed(
  talk: Talk,
  { id, provided, missing, all }: Pending & { kind: 'missing' },
  wish: Wish,
): string | undefined {
  const elsewhere = ['list', 'explain', 'status', 'system', 'guide', 'who', 'again', 'greet'];
  const message = withoutPoliteness(talk.present.message);
  const isAssignment = all.some(({ name }) =>
    new RegExp(`^${wordsOf(name).join('[ _-]?')}\\s*=`, 'i').test(message),
  );
  const isElse = elsewhere.includes(wish.kind) || (wish.kind === 'run' && wish.explicit);
  if (isElse && !isAssignment) return undefined;
  const inputs: JsonObject = { ...provided };
  const about = { id, description: '', kind: 'steps', destructive: false, score: 1, inputs: all };
  const spoken = missing.length > 1 ? fillInputs(message, about, talk.now) : {};
  for (const [name, value] of Object.entries(spoken)) inputs[name] = value;
  const [first, ...others] = missing.filter(({ name }) => !Object.hasOwn(inputs, name));
  // What was understood as one input is not the answer to another.
  const isOpen = first !== undefined && others.length === 0 && Object.keys(spoken).length === 0;
  const value: Json | undefined = isOpen ? answerFor(message, first, talk.now) : undefined;
  if (isOpen && value !== undefined) inputs[first.name] = value;
  if (first && value === undefined && missing.length === 1)
    return `I do not understand that as \`${first.name}\`. ${ask(id, [first])}`;
  return runDirective(talk, id, inputs);
}

function again(talk: Talk): string {
  const run = lastRun(talk.exchanges);
  if (!run) return 'Nothing was run here yet. What shall I run?';
  const isDestructive = knownDirective(talk.exchanges, run.id)?.destructive === true;
  return runDirective(talk, run.id, run.inputs, isDestructive);
}

/** "and the web service too": the last run once more, with what is said now instead of what was said then. */
function also(talk: Talk, about: string): string {
  const run = lastRun(talk.exchanges);
  const fact = run && knownDirective(talk.exchanges, run.id);
  if (!run || !fact) return runRequest(talk, about, false);
  const changed = fillInputs(about, fact, talk.now);
  const names = Object.keys(changed);
  if (names.length === 0) {
    const texts = fact.inputs.filter(
      ({ type, choices }) => type === 'string' && choices.length === 0,
    );
    const last = texts.find(({ name }) => Object.hasOwn(run.inputs, name));
    const value = last && answerFor(about, last, talk.now);
    if (last && value !== undefined) changed[last.name] = value;
  }
  if (Object.keys(changed).length === 0) return runRequest(talk, about, false);
  return runDirective(talk, run.id, { ...run.inputs, ...changed }, fact.destructive);
}

function pick(talk: Talk, index: number): string {
  const id = lastList(talk.exchanges)?.at(index);
  if (id === undefined) return 'There is no list to choose from. Say what to do, or "help".';
  const fact = knownDirective(talk.exchanges, id);
  return fact ? runDirective(talk, id, {}, fact.destructive) : explain(talk, id);
}

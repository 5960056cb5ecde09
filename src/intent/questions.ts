import { isObject, type Json, type JsonObject } from '../contracts/json/json.js';
import type { Talk } from './talk.js';
import { likelyMeant } from './by-meaning.js';
import { directivesIn, ranked, type InputFact } from './directives.js';
import { inputLine, numbered, shortId, shown } from './show.js';
import type { ItemType, Wish } from './wish.js';

const NAMES: Record<ItemType, string> = {
  directive: 'directives',
  tool: 'tools',
  knowledge: 'knowledge entries',
  execution: 'runs',
  thread: 'conversations',
};
const FOUND = 10;

/** The question for inputs that are missing. */
export function ask(id: string, missing: readonly InputFact[]): string {
  const [only, ...others] = missing;
  if (!only) return `\`${id}\` needs more inputs.`;
  if (others.length === 0)
    return `\`${id}\` needs one more input:\n${inputLine(only)}\nWhat shall it be?`;
  return `\`${id}\` needs more inputs:\n${missing.map(inputLine).join('\n')}\nSay them as name=value, or one after the other.`;
}

/** Lists what there is. */
export function find(talk: Talk, type: ItemType, query: string): string {
  const found = talk.asking.ask('search', { item_type: type, query, limit: FOUND });
  if (!found.ok) return `I cannot search: ${found.message}`;
  const results = resultsIn(found.value);
  const total = Number(found.value['total'] ?? results.length);
  if (results.length === 0)
    return query === ''
      ? `There are no ${NAMES[type]} yet.`
      : `I find no ${NAMES[type]} for "${query}".`;
  const lines = results.map((result) =>
    type === 'execution' ? runLine(result) : itemLine(result),
  );
  const more = total > results.length ? `\n(${total - results.length} more)` : '';
  const about = query === '' ? '' : ` for "${query}"`;
  return `${total} ${NAMES[type]}${about}:\n${numbered(lines)}${more}`;
}

const resultsIn = (value: JsonObject): JsonObject[] =>
  Array.isArray(value['results']) ? value['results'].filter(isObject) : [];

const textAt = (value: Json | undefined, name: string): string => {
  const found = isObject(value ?? null) ? (value as JsonObject)[name] : undefined;
  return typeof found === 'string' ? found : '';
};

function itemLine(result: JsonObject): string {
  const description = textAt(result['metadata'], 'description') || textAt(result, 'preview');
  return `\`${String(result['id'])}\`${description ? `: ${description}` : ''}`;
}

function runLine(result: JsonObject): string {
  const metadata = isObject(result['metadata'] ?? null) ? (result['metadata'] as JsonObject) : {};
  const { directive, status, started_at, error } = metadata;
  const when =
    typeof started_at === 'string' ? `, ${started_at.slice(0, 16).replace('T', ' ')}` : '';
  const why = isObject(error ?? null) ? `: ${textAt(error, 'message')}` : '';
  return `\`${shortId(String(result['id']))}\` ${String(directive ?? '')} ${String(status ?? '')}${when}${why}`;
}

/** Says what something is, or how something is done. */
export function explain(talk: Talk, about: string): string {
  const found = talk.asking.ask('search', { item_type: 'directive', query: about, limit: 20 });
  if (!found.ok) return `I cannot search: ${found.message}`;
  const facts = directivesIn(found.value);
  const [best] = ranked(about, facts);
  const fact = best && best.fit >= 0.3 ? best.fact : likelyMeant(facts)[0];
  if (!fact) return topic(talk, about);
  const { id, description, inputs, destructive } = fact;
  const given =
    inputs.length === 0 ? 'It has no inputs.' : `Inputs:\n${inputs.map(inputLine).join('\n')}`;
  const care = destructive
    ? '\nIt may delete or overwrite something, so I ask before I run it.'
    : '';
  const example = inputs.filter(({ required }) => required).map(({ name }) => `${name}=…`);
  const how = `Run it with: run ${id}${example.length > 0 ? ` with ${example.join(' ')}` : ''}`;
  return `\`${id}\`: ${description || 'it has no description'}\n${given}${care}\n${how}`;
}

const TOPICS = [
  'overview',
  'search',
  'load',
  'execute',
  'system',
  'directives',
  'tools',
  'knowledge',
];

function topic(talk: Talk, about: string): string {
  const wanted = TOPICS.find(
    (each) => about.includes(each) || about.includes(each.replace(/s$/, '')),
  );
  const answer = talk.asking.ask('help', { topic: wanted ?? 'overview' });
  if (!answer.ok) return `I find nothing about "${about}".`;
  const text = textAt(answer.value, 'text');
  return wanted ? text : `I find nothing about "${about}".\n\n${text}`;
}

/** Answers a question about this machine. */
export function system(talk: Talk, item: string): string {
  const answer = talk.asking.ask('execute', { item_type: 'system', action: 'run', item_id: item });
  if (!answer.ok) return `I cannot say: ${answer.message}`;
  return shown(answer.value['data'] ?? answer.value);
}

/** Says what ran, what runs, and why something failed. */
export function status(
  talk: Talk,
  { about, failed, since, why }: Wish & { kind: 'status' },
  last: string | undefined,
): string {
  if (last !== undefined && about === '' && since === undefined) return oneRun(talk, last);
  const found = talk.asking.ask('search', {
    item_type: 'execution',
    query: about,
    limit: why ? 1 : FOUND,
    ...(failed && { status: 'error' }),
    ...(since !== undefined && { since }),
  });
  if (!found.ok) return `I cannot say: ${found.message}`;
  const results = resultsIn(found.value);
  const [first] = results;
  if (!first) return failed ? 'Nothing failed.' : 'Nothing ran.';
  if (why) return oneRun(talk, String(first['id']));
  const total = Number(found.value['total'] ?? results.length);
  return `${total} ${total === 1 ? 'run' : 'runs'}${failed ? ' failed' : ''}:\n${numbered(results.map(runLine))}`;
}

function oneRun(talk: Talk, id: string): string {
  const run = talk.asking.ask('load', { item_type: 'execution', item_id: id });
  if (!run.ok) return `I cannot say: ${run.message}`;
  const metadata = isObject(run.value['metadata'] ?? null)
    ? (run.value['metadata'] as JsonObject)
    : {};
  const { directive, status: state } = { ...run.value, ...metadata };
  const name = `\`${String(directive)}\` (run ${shortId(id)})`;
  const error = run.value['error'] ?? metadata['error'] ?? null;
  if (state === 'error') {
    const step = textAt(error, 'step');
    return `${name} failed${step ? ` in step \`${step}\`` : ''}: ${textAt(error, 'message') || textAt(error, 'code')}`;
  }
  if (state === 'success') {
    const result = run.value['result'] ?? null;
    return result === null ? `${name} is done.` : `${name} is done:\n${shown(result)}`;
  }
  return `${name} is ${state === 'pending' ? 'waiting to start' : String(state)}.`;
}

/** Stops a run: the one that was spoken of, or the one that a message names. */
export function stop(talk: Talk, about: string, last: string | undefined): string {
  const words = about
    .replace(/\b(?:it|that|this|the|run|running|execution|job|please|now|all)\b/g, ' ')
    .trim();
  if (words === '' && last !== undefined) return cancel(talk, last, undefined);
  const found = talk.asking.ask('search', {
    item_type: 'execution',
    query: words,
    status: 'running',
    limit: 5,
  });
  if (!found.ok) return `I cannot stop anything: ${found.message}`;
  const results = resultsIn(found.value);
  const [first, second] = results;
  if (!first) return words === '' ? 'Nothing is running.' : `Nothing is running for "${words}".`;
  if (second) return `Which one do you mean?\n${numbered(results.map(runLine))}`;
  return cancel(talk, String(first['id']), textAt(first['metadata'], 'directive'));
}

function cancel(talk: Talk, id: string, name: string | undefined): string {
  const answer = talk.asking.ask('execute', {
    item_type: 'execution',
    action: 'cancel',
    item_id: id,
  });
  if (!answer.ok) return `It was not stopped: ${answer.message}`;
  return `${name ? `\`${name}\`, run` : 'Run'} ${shortId(id)}, is being stopped.`;
}

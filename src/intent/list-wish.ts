import type { ItemType, Wish } from './wish.js';
import { alike } from './words.js';

const ITEM_WORDS: [ItemType, readonly string[]][] = [
  ['tool', ['tool', 'tools', 'script', 'scripts']],
  ['knowledge', ['knowledge', 'notes', 'articles', 'docs', 'documentation']],
  ['execution', ['run', 'runs', 'execution', 'executions', 'jobs']],
  ['thread', ['thread', 'threads', 'conversation', 'conversations', 'chats']],
  [
    'directive',
    [
      'directive',
      'directives',
      'workflow',
      'workflows',
      'automation',
      'automations',
      'commands',
      'tasks',
      'things',
      'recipes',
      'procedures',
      'actions',
      'playbooks',
    ],
  ],
];

/** A wish to see what there is; undefined when the message has another one. */
export function listWish(text: string, lower: string, words: string[]): Wish | undefined {
  const opens =
    /^(?:list|show|find|search|look(?: for| up)?|which|what|do (?:we|you|i) have|have (?:we|you) got|is there|are there|any|give me|display|see|browse|enumerate|tell me (?:which|what)|got any)\b/.test(
      lower,
    );
  if (!opens) return undefined;
  const runnable =
    /\b(?:can|could|may) (?:i|we|you|be)(?: \w+)? (?:run|execute|start)\b|\bto run\b|\brunnable\b/.test(
      lower,
    );
  const kind = ITEM_WORDS.find(([, names]) =>
    words.some((word) => names.some((name) => alike(word, name))),
  )?.[0];
  const type = runnable && kind === 'execution' ? 'directive' : kind;
  const have =
    /\b(?:have|available|exist|there|can i (?:run|do|use)|can (?:we|you) (?:run|do|use|offer)|got|know|offer|support)\b/.test(
      lower,
    );
  const verb =
    /^(?:list|find|search|look|browse|enumerate|is there|are there|do (?:we|you|i) have|any|got any|have)\b/.test(
      lower,
    );
  const all = words.some((word) => ['everything', 'anything', 'something', 'all'].includes(word));
  if (!type && !verb && !have && !all) return undefined;
  if (/^what (?:is|are|does|do) (?!there|available|we|you|i)/.test(lower) && !have)
    return undefined;
  const [, about] =
    /\b(?:for|about|on|to|that|with|related to|regarding|named|called|matching|like|which)\s+(.+)$/.exec(
      text.replace(/^(?:search|look) for\s+/i, 'for '),
    ) ?? [];
  const query = (about ?? (verb && !have ? restOf(text) : '')).replace(
    /\b(?:i|we|you) (?:have|can (?:run|use))\b|\b(?:there|available|in here|here|at all|right now)\b/gi,
    ' ',
  );
  return { kind: 'list', type: type ?? 'directive', query: cleaned(query) };
}

const restOf = (text: string): string =>
  text.replace(
    /^(?:list|find|search|look up|look|browse|enumerate|is there|are there|do (?:we|you|i) have|have (?:we|you) got|any|got any)\b/i,
    '',
  );

const cleaned = (query: string): string =>
  query
    .replace(
      /\b(?:all|the|my|our|me|a|an|any|some|every|directives?|workflows?|automations?|tools?|scripts?|knowledge|things?|something|anything|commands?|tasks?|i|can|do|does|have|it|them|run|are|is)\b/gi,
      ' ',
    )
    .replace(/[^\p{L}\p{N}_\s.-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

import type { Report } from '../report.js';
import type { Entry, MapNode, Span } from '../tree.js';
import { type Element, contentSpan, elementOf, elementsOf, textIn } from './element.js';
import { entry, mapOf, scalar } from './build-tree.js';

/** Turns of a conversation without a limit of its own. */
const DEFAULT_TURNS = 25;
const MAX_TURNS = 100;

/** The limits of the format that are limits of a run here, by our names. */
const NAMES: Record<string, string> = {
  tokens: 'tokens',
  max_total_tokens: 'tokens',
  spend: 'cost_usd',
  max_cost_usd: 'cost_usd',
  cost_usd: 'cost_usd',
  spawns: 'spawns',
  depth: 'depth',
  duration_seconds: 'duration_seconds',
};
const TURNS = ['turns', 'max_turns'];
/** Limits that exist in the format, and that the model's own settings decide here. */
const WITHOUT_EFFECT = [
  'on_exceeded',
  'max_input_tokens',
  'max_output_tokens',
  'max_context_tokens',
  'context_warning_threshold',
];

interface Given extends Span {
  name: string;
  value: string;
}

/** The limits in `<limits>` and `<cost>`, as elements or attributes. */
function givenIn(metadata: Element | undefined): Given[] {
  return ['limits', 'cost'].flatMap((part) => {
    const element = elementOf(metadata, part);
    if (!element) return [];
    const attributes = [...element.attributes].map(([name, each]) => ({ name, ...each }));
    const elements = elementsOf(element).map((each) => {
      const { offset, end } = contentSpan(each);
      return { name: each.name, value: textIn(each).trim(), offset, end };
    });
    return [...attributes, ...elements];
  });
}

export function limitsTree(report: Report, metadata: Element): MapNode {
  const entries = new Map<string, Entry>();
  for (const { name, value, ...at } of givenIn(metadata)) {
    const known = NAMES[name];
    if (known === undefined) {
      if (TURNS.includes(name) || WITHOUT_EFFECT.includes(name) || name === 'currency') continue;
      const all = [...TURNS, ...Object.keys(NAMES)].join(', ');
      report.add(
        'unknown_key',
        at,
        `there is no limit "${name.slice(0, 40)}"`,
        `the limits are ${all}`,
      );
      continue;
    }
    const number = Number(value);
    if (value === '' || !Number.isFinite(number))
      report.add('invalid_value', at, `the limit "${name}" is no number`, 'write a number');
    else entries.set(known, entry(known, scalar(number, at), at));
  }
  return mapOf(metadata, [...entries.values()]);
}

/** Most turns of one answer. */
export function turnsOf(root: Element): number {
  const given = givenIn(elementOf(root, 'metadata')).find(({ name }) => TURNS.includes(name));
  const turns = Math.trunc(Number(given?.value));
  return turns >= 1 ? Math.min(turns, MAX_TURNS) : DEFAULT_TURNS;
}

import type { Said } from '../../../src/contracts/model.js';
import { ItemSearch } from '../../../src/search/item-search.js';
import { isDestructive } from '../../../src/verbs/items/directive-facts.js';
import type { Case, Domain, Expected } from './case.js';
import { finance } from './domains/finance.js';
import { household } from './domains/household.js';
import { marketing } from './domains/marketing.js';
import { operations } from './domains/operations.js';
import { people } from './domains/people.js';
import { research } from './domains/research.js';
import { support } from './domains/support.js';
import { warehouse } from './domains/warehouse.js';
import { faultOf, isSetAside, isWrongDestruction, Registry } from './harness.js';

export const DOMAINS = [
  operations,
  finance,
  marketing,
  research,
  household,
  support,
  warehouse,
  people,
];

/** The figures of one half. */
export interface Figures {
  /** Conversations, and those of them in which every message led to what was expected. */
  total: number;
  right: number;
  /** Messages that need a question, and those that got one. */
  questions: number;
  asked: number;
  /** Destructive runs that nobody wanted. */
  wrongDestructions: number;
  faults: string[];
}

const none = (): Figures => ({
  total: 0,
  right: 0,
  questions: 0,
  asked: 0,
  wrongDestructions: 0,
  faults: [],
});

/**
 * Carries out every conversation, with the real search and the real checks. `newSearch`: the search of a domain; absent =
 * by text.
 */
export async function evaluate(
  newSearch: () => ItemSearch = () => new ItemSearch(),
): Promise<{ tuned: Figures; aside: Figures }> {
  const halves = { tuned: none(), aside: none() };
  for (const domain of DOMAINS) {
    const registry = new Registry(domain, newSearch());
    const destructive = destructiveOf(domain);
    for (const each of domain.cases)
      await one(
        registry,
        each,
        domain,
        destructive,
        isSetAside(domain.name, each) ? halves.aside : halves.tuned,
      );
    registry.close();
  }
  return halves;
}

function destructiveOf({ directives }: Domain): ReadonlySet<string> {
  const names = Object.keys(directives);
  return new Set(
    names.filter((name) =>
      isDestructive({ name, description: directives[name]!.description, permissions: [] } as never),
    ),
  );
}

async function one(
  registry: Registry,
  turns: Case,
  { name }: Domain,
  destructive: ReadonlySet<string>,
  figures: Figures,
): Promise<void> {
  const said: Said[] = [];
  let fault: string | undefined;
  for (let at = 0; at < turns.length; at += 2) {
    const [message, expected] = [turns[at] as string, turns[at + 1] as Expected];
    const reaction = await registry.say(said, message);
    const wrong = faultOf(reaction, expected);
    if (isWrongDestruction(reaction, expected, destructive)) figures.wrongDestructions++;
    if ('ask' in expected) {
      figures.questions++;
      if (wrong === undefined) figures.asked++;
    }
    if (wrong !== undefined) fault ??= `${name}: "${message}" ${wrong}`;
  }
  figures.total++;
  if (fault === undefined) figures.right++;
  else figures.faults.push(fault);
}

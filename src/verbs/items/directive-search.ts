import type { Plan } from '../../contracts/plan.js';
import { wordsOf } from '../../intent/words.js';
import type { CheckedDirective, DirectiveRegistry } from '../../kernel/directive-registry.js';
import type { ItemHit, ItemSearch, ItemText } from '../../search/item-search.js';

const SOURCES = ['project', 'user', 'system'];

/**
 * Finds directives by their names, descriptions and inputs, best first. An empty
 * query finds all, the project's own first. `source`: null = all.
 */
export async function searchDirectives(
  registry: Pick<DirectiveRegistry, 'list'>,
  search: ItemSearch,
  { source, query }: { source: string | null; query: string },
): Promise<ItemHit<CheckedDirective>[]> {
  const found = await registry.list(source, null);
  const isList = query.trim() === '';
  const all = isList ? found.toSorted((a, b) => rankOf(a) - rankOf(b)) : found;
  return search.search(`directive:${source ?? 'all'}`, all, directiveText, query);
}

const rankOf = ({ source }: CheckedDirective): number => SOURCES.indexOf(source);

/** What a directive is found by. */
const directiveText = ({ name, plan }: CheckedDirective): ItemText => ({
  title: name,
  text: `${plan?.description ?? ''} ${Object.keys(plan?.inputs ?? {}).join(' ')} ${choicesOf(plan)}`,
  meaning: `${wordsOf(name).join(' ')}. ${plan?.description ?? ''}`,
});

const choicesOf = (plan: Plan | undefined): string =>
  Object.values(plan?.inputs ?? {})
    .flatMap(({ enum: choices = [] }) => choices.map(String))
    .join(' ');

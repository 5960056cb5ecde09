import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { pageOf, rankedPageOf } from '../../../observation/readers/page.js';
import { ItemSearch } from '../../../search/item-search.js';
import { Kernel } from '../../../verbs/kernel.js';
import { entryText, type KnowledgeEntry } from '../../../verbs/knowledge/entry.js';
import { Requires } from '../../rights/requires.decorator.js';
import { toConnection } from '../schema/connection-of.js';
import { PageArgs } from '../schema/page.args.js';
import { Knowledge, KnowledgeConnection, toKnowledge } from './knowledge.type.js';

const idOf = ({ id }: KnowledgeEntry): string => id;

/** Reads the notes. They are written by the verb `execute`. */
@Resolver(() => Knowledge)
export class KnowledgeResolver {
  constructor(
    @Inject(Kernel) private readonly kernel: Kernel,
    @Inject(ItemSearch) private readonly search: ItemSearch,
  ) {}

  @Requires('read:directives')
  @Query(() => KnowledgeConnection, {
    name: 'knowledge',
    description: 'Notes, sorted by id; with a query best first.',
  })
  async list(
    @Args() page: PageArgs,
    @Args('source', { type: () => String, nullable: true }) source: string | null,
    @Args('query', { type: () => String, nullable: true }) query: string | null,
  ) {
    const all = await this.kernel.knowledge.all();
    const wanted = source ? all.filter((each) => each.source === source) : all;
    const sorted = () => wanted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    if (!query?.trim())
      return toConnection(pageOf(sorted(), idOf, page), toKnowledge, !!page.after);
    const kind = `knowledge:${source || 'all'}`;
    const hits = await this.search.search(kind, wanted, entryText, query);
    const ranked = hits.map(({ item }) => item);
    return toConnection(rankedPageOf(ranked, idOf, page), toKnowledge, !!page.after);
  }
}

import { Inject } from '@nestjs/common';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { pageOf, rankedPageOf } from '../../../observation/readers/page.js';
import { PlanReader } from '../../../observation/readers/plan.reader.js';
import { type CheckedDirective, DirectiveRegistry } from '../../../kernel/directive-registry.js';
import { ItemSearch } from '../../../search/item-search.js';
import { searchDirectives } from '../../../verbs/items/directive-search.js';
import { Requires } from '../../rights/requires.decorator.js';
import { toConnection } from '../schema/connection-of.js';
import {
  Directive,
  DirectiveConnection,
  DirectiveVersion,
  toDirective,
  toDirectiveVersion,
} from './directive.type.js';
import { LeftOutFile } from './left-out-file.type.js';
import { PageArgs } from '../schema/page.args.js';
import { toValidationResult, ValidationResult } from './validation-result.type.js';

/** Reads directives on disk and their earlier versions, and validates texts that are not on disk. */
@Resolver(() => Directive)
export class DirectivesResolver {
  constructor(
    @Inject(DirectiveRegistry) private readonly shelf: DirectiveRegistry,
    @Inject(PlanReader) private readonly plans: PlanReader,
    @Inject(ItemSearch) private readonly search: ItemSearch,
  ) {}

  @Requires('read:directives')
  @Query(() => DirectiveConnection, {
    name: 'directives',
    description:
      'Sorted by name. With a query, best first: what its words or its meaning fit, then what contains it.',
  })
  async list(
    @Args() page: PageArgs,
    @Args('source', { type: () => String, nullable: true }) source: string | null,
    @Args('query', { type: () => String, nullable: true }) query: string | null,
  ) {
    const containing = await this.shelf.list(source ?? null, query ?? null);
    const nameOf = ({ name }: CheckedDirective) => name;
    if (!query?.trim()) return toConnection(pageOf(containing, nameOf, page), toDirective, !!page.after);
    const hits = await searchDirectives(this.shelf, this.search, { source: source ?? null, query });
    const ranked = new Set([...hits.map(({ item }) => item), ...containing]);
    return toConnection(rankedPageOf([...ranked], nameOf, page), toDirective, !!page.after);
  }

  @Requires('read:directives')
  @Query(() => [LeftOutFile], {
    description: 'Files of directives and scripts that are not used, each with the reason.',
  })
  leftOutFiles() {
    return this.shelf.problems();
  }

  @Requires('read:directives')
  @Query(() => Directive, { name: 'directive', nullable: true })
  async one(
    @Args('name', { type: () => String }) name: string,
    @Args('version', { type: () => String, nullable: true }) version: string | null,
  ) {
    const found = await this.shelf.find(name, version ?? null);
    return found && toDirective(found);
  }

  @Requires('read:directives')
  @Query(() => ValidationResult, { name: 'validateDirective' })
  async validate(@Args('source', { type: () => String }) source: string) {
    return toValidationResult(await this.shelf.validate(source));
  }

  @ResolveField(() => [DirectiveVersion], {
    description: 'The versions that were run, newest first; at most 100.',
  })
  async versions(@Parent() { name }: Directive): Promise<DirectiveVersion[]> {
    return (await this.plans.versions(name)).map(toDirectiveVersion);
  }
}

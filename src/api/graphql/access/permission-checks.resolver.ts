import { Inject } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import type { Principal } from '../../../access/principal.js';
import { PermissionCheckReader } from '../../../observation/readers/permission-check.reader.js';
import { needs } from '../../rights/needs.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Caller } from '../schema/actor.decorator.js';
import { PermissionCheck, toPermissionCheck } from './permission-check.type.js';

/** Answers who was allowed or refused what, and why. */
@Resolver(() => PermissionCheck)
export class PermissionChecksResolver {
  constructor(@Inject(PermissionCheckReader) private readonly checks: PermissionCheckReader) {}

  @Requires('read:executions')
  @Query(() => [PermissionCheck], {
    name: 'permissionChecks',
    description:
      'What a run and the runs below it were allowed and refused, oldest first; at most 200. Without a run: what was refused before there was one, newest first, which needs the right read:audit.',
  })
  async list(
    @Args('executionId', { type: () => ID, nullable: true }) executionId: string | null,
    @Args('step', { type: () => String, nullable: true }) step: string | null,
    @Caller() caller: Principal,
  ): Promise<PermissionCheck[]> {
    if (executionId)
      return (await this.checks.ofRun(executionId, step ?? null)).map(toPermissionCheck);
    needs(caller, 'read:audit');
    return (await this.checks.refused()).map(toPermissionCheck);
  }
}

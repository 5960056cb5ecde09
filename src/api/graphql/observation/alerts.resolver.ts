import { Inject } from '@nestjs/common';
import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { AlertReader } from '../../../observation/readers/alert.reader.js';
import type { AlertRow } from '../../../platform/database/entities/observation/alert.row.js';
import { Requires } from '../../rights/requires.decorator.js';
import { Alert, AlertConnection, AlertStatusEnum, toAlert } from './alert.type.js';
import { toConnection } from '../schema/connection-of.js';
import { PageArgs } from '../schema/page.args.js';

/** Reads alerts. */
@Resolver(() => Alert)
export class AlertsResolver {
  constructor(@Inject(AlertReader) private readonly alerts: AlertReader) {}

  @Requires('read:alerts')
  @Query(() => AlertConnection, { name: 'alerts', description: 'Newest first.' })
  async list(
    @Args() page: PageArgs,
    @Args('status', { type: () => AlertStatusEnum, nullable: true })
    status: AlertRow['status'] | null,
    @Args('executionId', { type: () => ID, nullable: true }) executionId: string | null,
  ) {
    return toConnection(
      await this.alerts.page({ status, executionId }, page),
      toAlert,
      !!page.after,
    );
  }
}

import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { AuditReader } from '../../../observation/readers/audit.reader.js';
import { Requires } from '../../rights/requires.decorator.js';
import { AuditEvent, AuditEventConnection, toAuditEvent } from './audit-event.type.js';
import { toConnection } from '../schema/connection-of.js';
import { PageArgs } from '../schema/page.args.js';

/** Reads the audit log. */
@Resolver(() => AuditEvent)
export class AuditResolver {
  constructor(@Inject(AuditReader) private readonly audit: AuditReader) {}

  @Requires('read:audit')
  @Query(() => AuditEventConnection, { name: 'auditEvents', description: 'Newest first.' })
  async list(
    @Args() page: PageArgs,
    @Args('target', { type: () => String, nullable: true }) target: string | null,
    @Args('actor', { type: () => String, nullable: true }) actor: string | null,
    @Args('action', { type: () => String, nullable: true }) action: string | null,
  ) {
    const found = await this.audit.page({ target, actor, action }, page);
    return toConnection(found, toAuditEvent, !!page.after);
  }
}

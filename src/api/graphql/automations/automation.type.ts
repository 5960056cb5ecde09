import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import {
  OCCURRENCE_STATUSES,
  type OccurrenceStatus,
  TRIGGER_TYPES,
  type TriggerType,
} from '../../../contracts/run/automation.js';
import type { Json } from '../../../contracts/json/json.js';
import type { NextTime } from '../../../automations/automation-reader.js';
import type { AutomationRow } from '../../../platform/database/entities/automations/automation.row.js';
import type { OccurrenceRow } from '../../../platform/database/entities/automations/occurrence.row.js';
import { connectionOf } from '../schema/connection-of.js';
import { GraphQLDateTime } from '../schema/date-time.scalar.js';
import { enumOf } from '../schema/enum-of.js';
import { GraphQLJson } from '../schema/json.scalar.js';

export const TriggerTypeEnum = enumOf<TriggerType>('TriggerType', TRIGGER_TYPES);
export const OccurrenceStatusEnum = enumOf<OccurrenceStatus>(
  'OccurrenceStatus',
  OCCURRENCE_STATUSES,
);

@ObjectType({ description: 'Something that starts runs by itself.' })
export class Automation {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  name: string;

  @Field(() => String)
  description: string;

  @Field(() => String)
  directiveName: string;

  @Field(() => TriggerTypeEnum)
  triggerType: TriggerType;

  @Field(() => String, { nullable: true, description: 'A cron expression.' })
  schedule: string | null;

  @Field(() => String)
  timezone: string;

  @Field(() => GraphQLJson, { description: 'The whole definition, with the keys of its file.' })
  definition: Json;

  @Field(() => String, { description: 'Where it is defined: api, project or system.' })
  source: string;

  @Field(() => String, { description: 'The actor of its runs.' })
  owner: string;

  @Field(() => Boolean)
  enabled: boolean;

  @Field(() => String, { nullable: true, description: 'Why it is paused.' })
  pauseNote: string | null;

  @Field(() => String, { nullable: true })
  pausedBy: string | null;

  @Field(() => Int, { description: 'Runs that failed since the last success.' })
  failures: number;

  @Field(() => GraphQLDateTime, { nullable: true })
  nextDueAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  lastExecutedAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  lastSuccessAt: Date | null;

  @Field(() => GraphQLDateTime)
  createdAt: Date;

  @Field(() => GraphQLDateTime)
  updatedAt: Date;
}

@ObjectType({ description: 'One time at which an automation was due, and what became of it.' })
export class Occurrence {
  @Field(() => ID)
  id: string;

  @Field(() => GraphQLDateTime)
  dueAt: Date;

  @Field(() => OccurrenceStatusEnum)
  status: OccurrenceStatus;

  @Field(() => String, { nullable: true, description: 'Why it did not simply fire.' })
  cause: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Near a change of the clocks: gap, first_copy or second_copy.',
  })
  note: string | null;

  @Field(() => String, { nullable: true, description: 'Who asked for it.' })
  actor: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  firedAt: Date | null;

  @Field(() => ID, { nullable: true })
  executionId: string | null;

  @Field(() => String, { nullable: true, description: 'How its run ended.' })
  outcome: string | null;
}

export const OccurrenceConnection = connectionOf(Occurrence, 'Occurrence');

@ObjectType({ description: 'A time at which an automation will be due.' })
export class DueTime {
  @Field(() => GraphQLDateTime)
  at: Date;

  @Field(() => String, { description: 'What a clock of the zone shows.' })
  localTime: string;

  @Field(() => String, {
    nullable: true,
    description: 'Near a change of the clocks: gap, first_copy or second_copy.',
  })
  note: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The calendar because of which it is skipped.',
  })
  excludedBy: string | null;
}

@ObjectType({ description: 'The switch that stops all automation.' })
export class AutomationStop {
  @Field(() => String)
  actor: string;

  @Field(() => String)
  reason: string;

  @Field(() => GraphQLDateTime)
  stoppedAt: Date;
}

export const toAutomation = (row: AutomationRow): Automation => ({
  id: row.id,
  name: row.name,
  description: row.spec.description,
  directiveName: row.directive_name,
  triggerType: row.trigger_type,
  schedule: row.schedule,
  timezone: row.spec.timezone,
  definition: row.spec as unknown as Json,
  source: row.source,
  owner: row.owner,
  enabled: row.enabled,
  pauseNote: row.pause_note,
  pausedBy: row.paused_by,
  failures: row.failures,
  nextDueAt: row.enabled ? row.next_due_at : null,
  lastExecutedAt: row.last_executed_at,
  lastSuccessAt: row.last_success_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const toOccurrence = (row: OccurrenceRow): Occurrence => ({
  id: row.id,
  dueAt: row.due_at,
  status: row.status,
  cause: row.cause,
  note: row.note,
  actor: row.actor,
  firedAt: row.fired_at,
  executionId: row.execution_id,
  outcome: row.outcome,
});

export const toDueTime = ({ at, local, note, excluded_by }: NextTime): DueTime => ({
  at,
  localTime: local,
  note,
  excludedBy: excluded_by,
});

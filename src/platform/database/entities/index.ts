import { AlertRow } from './observation/alert.row.js';
import { ApiKeyRow } from './access/api-key.row.js';
import { ServerKeyRow } from './access/server-key.row.js';
import { ApprovalRow } from './runs/approval.row.js';
import { ArtifactChunkRow } from './runs/artifact-chunk.row.js';
import { ArtifactContentRow } from './runs/artifact-content.row.js';
import { ArtifactRow } from './runs/artifact.row.js';
import { AuditRow } from './observation/audit.row.js';
import { AutomationRow } from './automations/automation.row.js';
import { AutomationStopRow } from './automations/automation-stop.row.js';
import { CalendarRow } from './automations/calendar.row.js';
import { OccurrenceRow } from './automations/occurrence.row.js';
import { BlobRow } from './runs/blob.row.js';
import { EventWaitRow } from './runs/event-wait.row.js';
import { EventRow } from './runs/event.row.js';
import { ExecutionRow } from './runs/execution.row.js';
import { LogRow } from './observation/log.row.js';
import { McpCommandRow } from './mcp/mcp-command.row.js';
import { McpLeaseRow } from './mcp/mcp-lease.row.js';
import { McpServerRow } from './mcp/mcp-server.row.js';
import { MessageRow } from './runs/message.row.js';
import { OutboxRow } from './runs/outbox.row.js';
import { PlanRow } from './runs/plan.row.js';
import { ProbeRow } from './workers/probe.row.js';
import { SecretUseRow } from './access/secret-use.row.js';
import { SecretRow } from './access/secret.row.js';
import { SegmentRow } from './runs/segment.row.js';
import { ShadowReportRow } from './runs/shadow-report.row.js';
import { PermissionCheckRow } from './access/permission-check.row.js';
import { RoleRow } from './access/role.row.js';
import { UserRow } from './access/user.row.js';
import { KnowledgeRow } from './search/knowledge.row.js';
import { TextVectorRow } from './search/text-vector.row.js';
import { StepRow } from './runs/step.row.js';
import { ChannelLinkRow } from './threads/channel-link.row.js';
import { ThreadEventRow } from './threads/thread-event.row.js';
import { ThreadMemoryRow } from './threads/thread-memory.row.js';
import { ThreadMessageRow } from './threads/thread-message.row.js';
import { ThreadRow } from './threads/thread.row.js';
import { WorkerRow } from './workers/worker.row.js';

/** The entities of all tables, for the DataSource. */
export const ENTITIES = [
  AlertRow,
  ApiKeyRow,
  ApprovalRow,
  ArtifactChunkRow,
  ArtifactContentRow,
  ArtifactRow,
  AuditRow,
  AutomationRow,
  AutomationStopRow,
  BlobRow,
  CalendarRow,
  ChannelLinkRow,
  EventRow,
  EventWaitRow,
  ExecutionRow,
  KnowledgeRow,
  LogRow,
  McpCommandRow,
  McpLeaseRow,
  McpServerRow,
  MessageRow,
  OccurrenceRow,
  OutboxRow,
  PlanRow,
  ProbeRow,
  PermissionCheckRow,
  RoleRow,
  SecretRow,
  SecretUseRow,
  SegmentRow,
  ShadowReportRow,
  StepRow,
  TextVectorRow,
  ThreadEventRow,
  ThreadMemoryRow,
  ThreadMessageRow,
  ServerKeyRow,
  ThreadRow,
  UserRow,
  WorkerRow,
];

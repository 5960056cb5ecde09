import { AlertRow } from './alert.row.js';
import { ApiKeyRow } from './api-key.row.js';
import { ApprovalRow } from './approval.row.js';
import { ArtifactChunkRow } from './artifact-chunk.row.js';
import { ArtifactContentRow } from './artifact-content.row.js';
import { ArtifactRow } from './artifact.row.js';
import { AuditRow } from './audit.row.js';
import { BlobRow } from './blob.row.js';
import { EventWaitRow } from './event-wait.row.js';
import { EventRow } from './event.row.js';
import { ExecutionRow } from './execution.row.js';
import { LogRow } from './log.row.js';
import { McpCommandRow } from './mcp-command.row.js';
import { McpLeaseRow } from './mcp-lease.row.js';
import { McpServerRow } from './mcp-server.row.js';
import { MessageRow } from './message.row.js';
import { OutboxRow } from './outbox.row.js';
import { PlanRow } from './plan.row.js';
import { ProbeRow } from './probe.row.js';
import { SecretUseRow } from './secret-use.row.js';
import { SecretRow } from './secret.row.js';
import { SegmentRow } from './segment.row.js';
import { ShadowReportRow } from './shadow-report.row.js';
import { StepRow } from './step.row.js';
import { WorkerRow } from './worker.row.js';

/** Every table, for the one DataSource. */
export const ENTITIES = [
  AlertRow,
  ApiKeyRow,
  ApprovalRow,
  ArtifactChunkRow,
  ArtifactContentRow,
  ArtifactRow,
  AuditRow,
  BlobRow,
  EventRow,
  EventWaitRow,
  ExecutionRow,
  LogRow,
  McpCommandRow,
  McpLeaseRow,
  McpServerRow,
  MessageRow,
  OutboxRow,
  PlanRow,
  ProbeRow,
  SecretRow,
  SecretUseRow,
  SegmentRow,
  ShadowReportRow,
  StepRow,
  WorkerRow,
];

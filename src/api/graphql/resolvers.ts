import { AccessResolver } from './access/access.resolver.js';
import { AlertsResolver } from './observation/alerts.resolver.js';
import { ApprovalsResolver } from './approvals/approvals.resolver.js';
import { AuditResolver } from './observation/audit.resolver.js';
import { AutomationsResolver } from './automations/automations.resolver.js';
import { BulkResolver } from './executions/bulk.resolver.js';
import { ConfigurationResolver } from './configuration/configuration.resolver.js';
import { DirectiveFieldsResolver } from './directives/directive-fields.resolver.js';
import { DirectivesResolver } from './directives/directives.resolver.js';
import { ExecutionFieldsResolver } from './executions/execution-fields.resolver.js';
import { ExecutionsResolver } from './executions/executions.resolver.js';
import { KnowledgeResolver } from './knowledge/knowledge.resolver.js';
import { LiveResolver } from './observation/live.resolver.js';
import { LogsResolver } from './observation/logs.resolver.js';
import { McpResolver } from './mcp/mcp.resolver.js';
import { PermissionChecksResolver } from './access/permission-checks.resolver.js';
import { SecretsResolver } from './secrets/secrets.resolver.js';
import { StepFieldsResolver } from './executions/step-fields.resolver.js';
import { ThreadsResolver } from './threads/threads.resolver.js';
import { ValidationFieldsResolver } from './directives/validation-fields.resolver.js';

/** All resolvers, from which the schema is built. */
export const RESOLVERS = [
  AccessResolver,
  AlertsResolver,
  ApprovalsResolver,
  AuditResolver,
  AutomationsResolver,
  BulkResolver,
  ConfigurationResolver,
  DirectiveFieldsResolver,
  DirectivesResolver,
  ExecutionFieldsResolver,
  ExecutionsResolver,
  KnowledgeResolver,
  LiveResolver,
  LogsResolver,
  McpResolver,
  PermissionChecksResolver,
  SecretsResolver,
  StepFieldsResolver,
  ThreadsResolver,
  ValidationFieldsResolver,
];

import { AlertsResolver } from './alerts.resolver.js';
import { ApprovalsResolver } from './approvals.resolver.js';
import { AuditResolver } from './audit.resolver.js';
import { BulkResolver } from './bulk.resolver.js';
import { ConfigurationResolver } from './configuration.resolver.js';
import { DirectiveFieldsResolver } from './directive-fields.resolver.js';
import { DirectivesResolver } from './directives.resolver.js';
import { ExecutionFieldsResolver } from './execution-fields.resolver.js';
import { ExecutionsResolver } from './executions.resolver.js';
import { LiveResolver } from './live.resolver.js';
import { LogsResolver } from './logs.resolver.js';
import { McpResolver } from './mcp.resolver.js';
import { SecretsResolver } from './secrets.resolver.js';
import { StepFieldsResolver } from './step-fields.resolver.js';
import { ValidationFieldsResolver } from './validation-fields.resolver.js';

/** Every resolver: what the schema is made of. */
export const RESOLVERS = [
  AlertsResolver,
  ApprovalsResolver,
  AuditResolver,
  BulkResolver,
  ConfigurationResolver,
  DirectiveFieldsResolver,
  DirectivesResolver,
  ExecutionFieldsResolver,
  ExecutionsResolver,
  LiveResolver,
  LogsResolver,
  McpResolver,
  SecretsResolver,
  StepFieldsResolver,
  ValidationFieldsResolver,
];

import { Initial1795000000000 } from './initial/1795000000000-initial.js';
import { Messages1795100000000 } from './initial/1795100000000-messages.js';
import { Undo1795200000000 } from './initial/1795200000000-undo.js';
import { Artifacts1795300000000 } from './initial/1795300000000-artifacts.js';
import { Secrets1795400000000 } from './initial/1795400000000-secrets.js';
import { Operations1795500000000 } from './initial/1795500000000-operations.js';
import { Children1795600000000 } from './initial/1795600000000-children.js';
import { Orders1795700000000 } from './initial/1795700000000-orders.js';
import { Queues1795800000000 } from './initial/1795800000000-queues.js';
import { Jailed1795900000000 } from './initial/1795900000000-jailed.js';
import { McpProtocol1796010000000 } from './1796010000000-mcp-protocol.js';
import { LogOrder1796020000000 } from './1796020000000-log-order.js';
import { WorkflowIds1796030000000 } from './1796030000000-workflow-ids.js';
import { Users1796100000000 } from './1796100000000-users.js';
import { Threads1796200000000 } from './1796200000000-threads.js';
import { ServerKeys1796610000000 } from './1796610000000-server-keys.js';
import { InternalKnowledge1796700000000 } from './search/1796700000000-internal-knowledge.js';
import { TextVectors1796700000001 } from './search/1796700000001-text-vectors.js';
import { ApprovalHash1796800000000 } from './1796800000000-approval-hash.js';
import { PermissionChecks1796810000000 } from './1796810000000-permission-checks.js';
import { Automations1796900000000 } from './1796900000000-automations.js';
import { ThreadMemories1797000000000 } from './1797000000000-thread-memories.js';
import { Requests1797100000000 } from './1797100000000-requests.js';

/** Every migration, oldest first. */
export const MIGRATIONS = [
  Initial1795000000000,
  Messages1795100000000,
  Undo1795200000000,
  Artifacts1795300000000,
  Secrets1795400000000,
  Operations1795500000000,
  Children1795600000000,
  Orders1795700000000,
  Queues1795800000000,
  Jailed1795900000000,
  McpProtocol1796010000000,
  LogOrder1796020000000,
  WorkflowIds1796030000000,
  Users1796100000000,
  Threads1796200000000,
  ServerKeys1796610000000,
  InternalKnowledge1796700000000,
  TextVectors1796700000001,
  ApprovalHash1796800000000,
  PermissionChecks1796810000000,
  Automations1796900000000,
  ThreadMemories1797000000000,
  Requests1797100000000,
];

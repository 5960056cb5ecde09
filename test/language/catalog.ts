import { DEFAULT_CEILINGS, type Catalog } from '../../src/contracts/catalog.js';
import type { InputSpec } from '../../src/contracts/plan.js';
import type { ScriptManifest } from '../../src/contracts/script.js';

const input = (type?: InputSpec['type'], required = true): InputSpec => ({
  ...(type && { type }),
  required,
});

const MANIFESTS: Omit<ScriptManifest, 'description' | 'available'>[] = [
  {
    name: 'query_active_threads',
    inputs: {},
    outputs: ['active_threads', 'count'],
    rights: ['read:threads'],
  },
  {
    name: 'check_thread_health',
    inputs: { thread_id: input('string'), timeout_seconds: input('integer', false) },
    outputs: ['status', 'thread_id'],
    rights: ['read:threads'],
  },
  {
    name: 'alert_stalled_thread',
    inputs: { thread_id: input('string') },
    outputs: ['alert_id'],
    rights: ['write:logs'],
  },
  {
    name: 'log_health_check',
    inputs: { healthy: input('integer'), stalled: input('integer'), failed: input('integer') },
    outputs: ['logged'],
    rights: ['write:logs'],
  },
  {
    name: 'check_mcp_status',
    inputs: { mcp_id: input('string') },
    outputs: ['status', 'reason', 'since'],
    rights: ['read:mcps'],
  },
  {
    name: 'reconnect_mcp',
    inputs: {
      mcp_id: input('string'),
      max_attempts: { type: 'integer', required: false, default: 3, minimum: 1, maximum: 10 },
      backoff_seconds: { type: 'number', required: false, default: 5 },
    },
    outputs: ['success', 'attempts'],
    rights: ['execute:mcp_gateway'],
    timeout_seconds: 300,
    retry: { attempts: 1 },
  },
  {
    name: 'log_recovery',
    inputs: { mcp_id: input('string'), message: input('string') },
    outputs: ['logged'],
    rights: ['write:logs'],
  },
  {
    name: 'log_failure',
    inputs: {
      mcp_id: input('string'),
      message: input('string'),
      escalate: input('boolean', false),
    },
    outputs: ['logged', 'alert_id'],
    rights: ['write:logs'],
  },
  {
    name: 'check_mcp_health',
    inputs: {},
    outputs: ['healthy_mcps', 'unhealthy_mcps'],
    rights: ['read:mcps'],
  },
  {
    name: 'assign_work_to_mcp',
    inputs: { mcp_id: input('string'), work_type: input('string') },
    outputs: ['assigned', 'status'],
    rights: ['write:mcps'],
  },
  {
    name: 'fetch_thread_patterns',
    inputs: { days: input('integer') },
    outputs: ['threads'],
    rights: ['read:threads', 'read:logs'],
  },
  {
    name: 'ml_pattern_analyzer',
    inputs: { threads: input('array'), analysis_types: input('array', false) },
    outputs: ['patterns', 'confidence'],
    rights: ['read:threads'],
  },
  {
    name: 'store_knowledge_entry',
    inputs: { patterns: input('array'), confidence_scores: input(undefined, false) },
    outputs: ['patterns', 'confidence_scores', 'ids'],
    rights: ['write:knowledge'],
  },
  {
    name: 'generate_recommendations',
    inputs: { patterns: input('array') },
    outputs: ['performance_tips', 'common_errors', 'permission_best_practices'],
    rights: ['read:logs'],
  },
];

const LATER = new Set(['query_active_threads', 'ml_pattern_analyzer']);

const manifest = (each: (typeof MANIFESTS)[number]): ScriptManifest => ({
  ...each,
  description: each.name,
  available: !LATER.has(each.name),
});

const DISK = {
  name: 'backup_disk',
  version: '1.4.2',
  inputs: { disk: input('string'), level: input('integer', false) },
};

/** A catalog with the seeds' system scripts, two scripts of a project and two MCP servers. */
export const CATALOG: Catalog = {
  scripts: new Map(MANIFESTS.map((each) => [each.name, manifest(each)])),
  projectScripts: new Map([
    ['count_words', { name: 'count_words', language: 'py', file: '/p/.ai/scripts/count_words.py' }],
    ['backup', { name: 'backup', language: 'sh', file: '/p/.ai/scripts/backup.sh' }],
  ]),
  mcpServers: new Set(['everything', 'files']),
  models: { names: new Set(['default', 'fast']), default: 'default' },
  directives: new Map([
    ['backup_disk', { ...DISK, calls: ['notify'] }],
    ['notify', { name: 'notify', version: '2.1.0', inputs: {}, calls: [] }],
    ['ring', { name: 'ring', version: '1.0.0', inputs: {}, calls: ['notify', 'rules'] }],
  ]),
  ceilings: DEFAULT_CEILINGS,
};

import type { ProjectScript, ScriptManifest } from '../../../contracts/script.js';
import type { ArtifactRow } from '../../../platform/database/entities/runs/artifact.row.js';
import type { ExecutionRow } from '../../../platform/database/entities/runs/execution.row.js';
import type { CheckedDirective } from '../../../kernel/directive-registry.js';
import { notAvailable } from '../../../kernel/not-available.js';

/** The JSON of a directive in `/internal/directives`. */
export const toDirectiveJson = ({ name, source, plan, diagnostics }: CheckedDirective) => ({
  name,
  version: plan?.directive_version ?? null,
  description: plan?.description ?? null,
  source,
  valid: plan !== undefined,
  available: !notAvailable(diagnostics),
  inputs: plan?.inputs ?? null,
});

/** The JSON of a script in `/internal/scripts`. */
export const toScriptJson = (script: ScriptManifest | ProjectScript) =>
  'language' in script
    ? { name: script.name, source: 'project', language: script.language }
    : {
        name: script.name,
        source: 'system',
        description: script.description,
        inputs: script.inputs,
        outputs: script.outputs,
        rights: script.rights,
        available: script.available,
      };

/** The JSON of an artifact in `/internal/executions/:id/artifacts`. */
export const toArtifactJson = (row: ArtifactRow) => ({
  path: row.path,
  bytes: row.bytes,
  sha256: row.hash,
  step_path: row.step_path,
  iteration: row.iteration,
  created_at: row.created_at,
});

/** The JSON of a run in `/internal/executions`. Large values stay references. */
export const toExecutionJson = (row: ExecutionRow) => ({
  id: row.id,
  directive_name: row.directive_name,
  directive_version: row.directive_version,
  status: row.status,
  triggered_by: row.triggered_by,
  actor: row.actor,
  inputs: row.inputs,
  result: row.result,
  error: row.error,
  created_at: row.created_at,
  started_at: row.started_at,
  completed_at: row.completed_at,
  duration_ms: row.duration_ms,
});

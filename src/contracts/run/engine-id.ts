/** The columns of a run that tell the id of its workflow. */
export interface EngineIdentity {
  id: string;
  directive_name: string;
  /** Null until the run was started, and in runs that were started before their workflows had names. */
  workflow_id: string | null;
  /** Null until the run was started. */
  workflow_run_id: string | null;
}

/**
 * The id of a run's workflow: the directive's name, then the run's id, so that people find it among others.
 * A run that was started before workflows had names keeps the id that it has there: its own.
 */
export const engineIdOf = ({
  id,
  directive_name,
  workflow_id,
  workflow_run_id,
}: EngineIdentity): string =>
  workflow_id ?? (workflow_run_id === null ? `${directive_name}-${id}` : id);

/** The columns of a run from which its workflow id follows. */
export interface EngineIdentity {
  id: string;
  directive_name: string;
  /** Null until the run is started, and for runs that an older version started without a recorded workflow id. */
  workflow_id: string | null;
  /** Null until the run is started. */
  workflow_run_id: string | null;
}

/**
 * The workflow id of a run: the directive's name and the run's id, so that operators recognize it in Temporal.
 * A run that an older version started without a recorded workflow id has the run's id as its workflow id.
 */
export const engineIdOf = ({
  id,
  directive_name,
  workflow_id,
  workflow_run_id,
}: EngineIdentity): string =>
  workflow_id ?? (workflow_run_id === null ? `${directive_name}-${id}` : id);

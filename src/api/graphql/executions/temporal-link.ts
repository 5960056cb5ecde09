import { Inject, Injectable } from '@nestjs/common';
import { ApiSettings } from '../../shared/api-settings.js';
import type { Execution } from './execution.type.js';

/** Temporal forgets closed runs after three days. */
const KEPT_MS = 72 * 3_600_000;

/** Where a run is in Temporal Web UI. */
@Injectable()
export class TemporalLink {
  constructor(@Inject(ApiSettings) private readonly settings: ApiSettings) {}

  /** Null before the run was started, once Temporal has forgotten it, and where no Web UI is known. */
  of({ workflowId, workflowRunId, completedAt }: Execution): string | null {
    const { temporalUi, temporalNamespace } = this.settings;
    const forgotten = completedAt !== null && Date.now() - completedAt.getTime() > KEPT_MS;
    if (temporalUi === null || workflowRunId === null || forgotten) return null;
    return `${temporalUi}/namespaces/${encodeURIComponent(temporalNamespace)}/workflows/${encodeURIComponent(workflowId)}/${workflowRunId}`;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { ApiSettings } from '../../shared/api-settings.js';
import type { Execution } from './execution.type.js';

/** Time for which Temporal retains closed workflows: three days. */
const RETENTION_MS = 72 * 3_600_000;

/** Builds links to runs in Temporal Web UI. */
@Injectable()
export class TemporalLink {
  constructor(@Inject(ApiSettings) private readonly settings: ApiSettings) {}

  /** The URL of a run; null before the workflow was started, after Temporal's retention, and when no Web UI is known. */
  of({ workflowId, workflowRunId, completedAt }: Execution): string | null {
    const { temporalUi, temporalNamespace } = this.settings;
    const forgotten = completedAt !== null && Date.now() - completedAt.getTime() > RETENTION_MS;
    if (temporalUi === null || workflowRunId === null || forgotten) return null;
    return `${temporalUi}/namespaces/${encodeURIComponent(temporalNamespace)}/workflows/${encodeURIComponent(workflowId)}/${workflowRunId}`;
  }
}

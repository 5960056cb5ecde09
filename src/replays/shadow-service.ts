import type { Permissions } from '../contracts/permission.js';
import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import type { Execution } from '../contracts/execution.js';
import type { JsonObject } from '../contracts/json/json.js';
import type { Plans } from '../runs/values/plans.js';
import { endedRun } from './ended-run.js';
import type { Executor } from '../kernel/execute.js';

/** A request for a shadow run: it shows what a recorded run would do today. */
export interface ShadowRequest {
  /** `old` (the Plan of the recorded run), `newest` (the default), or a version; not together with `source`. */
  version?: string | null;
  /** The text of a directive that lies in no library. */
  source?: string | null;
  /** Inputs that replace those of the recorded run; the others are taken over. */
  inputs?: JsonObject | null;
  /** True = a call without a recorded answer returns null; otherwise the shadow run ends there. */
  goOn?: boolean | null;
  actor: string;
  /** The rights of the caller; null = everything. */
  rights?: Permissions;
}

/** Starts shadow runs, which call nothing: the recorded results of another run answer. */
export class ShadowService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly executor: Executor,
    private readonly plans: Plans,
  ) {}

  /** Returns the accepted run, or throws a MissionError and writes nothing. */
  async shadow(id: string, request: ShadowRequest): Promise<Execution> {
    const old = await endedRun(this.dataSource, id);
    const { version, source, goOn, actor, rights } = request;
    if (source != null && version != null) {
      throw new MissionError('input_invalid', 'Give either a version or a source, not both.');
    }
    const plan = version === 'old' ? await this.plans.get(old.plan_hash) : undefined;
    const exact = version != null && version !== 'old' && version !== 'newest';
    return this.executor.start({
      directive: old.directive_name,
      ...(exact && { version }),
      ...(source != null && { source }),
      inputs: { ...old.inputs, ...request.inputs },
      actor,
      ...(rights !== undefined && { rights }),
      triggeredBy: 'rerun',
      repeats: { shadow: { of: id, goOn: goOn ?? false }, ...(plan && { plan }) },
    });
  }
}

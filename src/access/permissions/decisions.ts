import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import { isObject } from '../../contracts/json/json.js';
import { ADVICE } from '../../contracts/require-right.js';
import type { ChainLink } from '../../contracts/run/permission-check.js';
import type { StepPlace } from '../../contracts/run/place.js';
import { adviceOf, grantOf } from './advice.js';
import { chainOf, refusingLink } from './permission-chain.js';
import type { PermissionLog } from './permission-log.js';

/** The step of a run that needed a right. */
export interface Asking extends StepPlace {
  run: { id: string; actor: string };
}

/** What a step used, or was refused to use. */
export interface Use {
  /** The right that it needs; null = none. */
  permission: string | null;
  target: string;
}

/** Records what the steps of runs were allowed and refused, and tells which link of a run's chain refuses. */
export class Decisions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Pick<PermissionLog, 'add' | 'write'>,
  ) {}

  /**
   * Records a refusal, and returns it with its reason; any other error is returned as it is. Without the database, the
   * refusal stays without a reason: it holds in any case.
   */
  async explained(at: Asking, thrown: unknown): Promise<unknown> {
    if (!(thrown instanceof MissionError) || thrown.code !== 'permission_denied') return thrown;
    const permission = rightOf(thrown);
    const chain = permission === null ? [] : await this.chain(at, permission);
    const error = chain.length === 0 ? thrown : withAdvice(thrown, chain, permission!);
    await this.refused(at, { permission, target: at.path }, error.message, chain);
    return error;
  }

  /** Records that the jail of a script, or a service, refused something. */
  async noted(at: Asking, use: Use, message: string): Promise<void> {
    const chain = use.permission === null ? [] : await this.chain(at, use.permission);
    await this.refused(at, use, message, chain);
  }

  /** Records that a tool of a conversation was called. Nobody waits for it. */
  granted(at: Asking, { permission, target }: Use): void {
    void this.chain(at, permission).then((chain) =>
      this.log.add({
        ...aboutOf(at),
        ...{ action: 'tool', target, permission, allowed: true, chain },
        reason: grantOf(chain, permission),
      }),
    );
  }

  private async refused(
    at: Asking,
    { permission, target }: Use,
    reason: string,
    chain: ChainLink[],
  ): Promise<void> {
    const refused_by = refusingLink(chain)?.link ?? null;
    const check = { ...aboutOf(at), target, permission, allowed: false, refused_by, chain, reason };
    await this.log.write({ ...check, action: 'step' }).catch(() => {});
  }

  private chain({ run }: Asking, permission: string | null): Promise<ChainLink[]> {
    if (permission === null) return Promise.resolve([]);
    return chainOf(this.dataSource, run.id, permission).catch(() => []);
  }
}

const aboutOf = ({ run, path, iteration }: Asking) => ({
  run_id: run.id,
  step_path: path,
  iteration,
  actor: run.actor,
});

function withAdvice(error: MissionError, chain: ChainLink[], right: string): MissionError {
  const text = `${error.message.replace(ADVICE, '').trimEnd()} ${adviceOf(chain, right)}`;
  return new MissionError(error.code, text, error.data, { retryable: false });
}

/** The right that was missing; null = the error does not tell. */
function rightOf({ data }: MissionError): string | null {
  const right = isObject(data ?? null) ? (data as Record<string, unknown>)['permission'] : null;
  return typeof right === 'string' ? right : null;
}

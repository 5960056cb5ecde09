import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { MissionError } from '../../../src/contracts/errors.js';
import type { Json, JsonObject } from '../../../src/contracts/json/json.js';
import type { ProjectScript, ScriptCall } from '../../../src/contracts/script.js';
import type { JailMethod } from '../../../src/sandbox/bubblewrap/jail-method.js';
import type { RunnerLimits } from '../../../src/tools/scripts/processes/runner-limits.js';
import { ScriptHost } from '../../../src/tools/scripts/script-host.js';
import type { ScriptLimits } from '../../../src/sandbox/processes/script-limits.js';

export interface Logged {
  level: string;
  message: string;
  data?: Json;
}

/** A project in a temporary directory and a host over it, with what its scripts logged. */
export class Workbench {
  readonly project = mkdtempSync(join(tmpdir(), 'scripts-test-'));
  readonly host: ScriptHost;
  readonly logs: Logged[] = [];
  readonly progress: unknown[][] = [];
  beats = 0;
  readonly scratch: string;

  /**
   * @param environment of the worker; a package.json of its own keeps those above it out
   * @param jail how its scripts are jailed; not at all when absent. Their scratch then lies elsewhere, unless `scratch`
   *   says that it is inside the project
   */
  constructor(
    limits: Partial<RunnerLimits> = {},
    environment?: Record<string, string>,
    private readonly jail?: JailMethod,
    bounds: Partial<ScriptLimits> = {},
    scratch?: 'inside',
  ) {
    this.write('package.json', '{}');
    this.scratch =
      jail && !scratch ? mkdtempSync(join(tmpdir(), 'scratch-')) : join(this.project, 'scratch');
    const options = { projectPath: this.project, scratchRoot: this.scratch };
    this.host = new ScriptHost({ ...options, environment, limits, jail, bounds });
  }

  /** Writes a script; `file` is its name with ending. */
  script(file: string, source: string): ProjectScript {
    const [name, language] = file.split('.') as [string, ProjectScript['language']];
    return { name, language, file: this.write(`.ai/scripts/${file}`, source) };
  }

  write(path: string, text: string): string {
    const file = join(this.project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  run(
    script: ProjectScript,
    inputs: JsonObject = {},
    overrides: Partial<ScriptCall> = {},
  ): Promise<JsonObject> {
    return this.host.run(script, { ...this.call(script.name, inputs), ...overrides });
  }

  /** The error that a call must end with. */
  async failure(...args: Parameters<Workbench['run']>): Promise<MissionError> {
    const outcome = await this.run(...args).then(
      (result) => ({ result }),
      (error: MissionError) => ({ error }),
    );
    if ('error' in outcome) return outcome.error;
    throw new Error(`it succeeded with ${JSON.stringify(outcome.result)}`);
  }

  async close(): Promise<void> {
    await this.host.close();
    rmSync(this.project, { recursive: true });
    rmSync(this.scratch, { recursive: true, force: true });
  }

  call(name: string, inputs: JsonObject): ScriptCall {
    return {
      name,
      inputs,
      context: {
        run_id: 'run-1',
        step_path: 'first',
        iteration: '0',
        attempt: 1,
        idempotency_key: 'run-1:first:0',
        project_path: this.project,
        scratch_dir: '',
        artifacts_dir: '',
        deadline: '2030-01-01T00:00:00.000Z',
      },
      timeoutMs: 10_000,
      permissions: this.jail ? ['write:filesystem'] : null,
      principal: 'tester',
      fresh: false,
      signal: new AbortController().signal,
      onLog: (level, message, data) => this.logs.push({ level, message, data }),
      onHeartbeat: () => void (this.beats += 1),
      onProgress: (...progress) => this.progress.push(progress),
      confidential: false,
      secret: (secret) => Promise.resolve(`the value of ${secret}`),
    };
  }
}

/** True while the process runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits for a condition; false when it did not come true in time. */
export async function until(condition: () => boolean, ms = 5_000): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(20)) {
    if (condition()) return true;
  }
  return condition();
}

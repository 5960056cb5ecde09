import type { Json, JsonObject } from './json/json.js';
import type { InputSpec } from './plan.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the author of a system script declares of it (`directives/scripts/NAME.yaml`). */
export interface ScriptManifest {
  name: string;
  description: string;
  inputs: Record<string, InputSpec>;
  /** Fields of the result. */
  outputs: string[];
  /** Rights it needs, as permission tags. All `read:` = no effect. */
  rights: string[];
  /** The input that names what the rights are asked for: their scope. Absent = its rights have none. */
  target?: string;
  timeout_seconds?: number;
  retry?: { attempts: number };
  /** False: planned, and refused at run time with `script_not_available`. */
  available: boolean;
}

/** A script file of the project (`.ai/scripts`, `.ai/tools`). */
export interface ProjectScript {
  name: string;
  /** `.mts` and `.cts` are `ts`, `.mjs` and `.cjs` are `js`. */
  language: 'ts' | 'js' | 'py' | 'sh';
  /** Absolute path of the file. */
  file: string;
}

/** What a script is told of its call. `deadline` is ISO-8601. */
export interface ScriptContext {
  run_id: string;
  step_path: string;
  iteration: string;
  attempt: number;
  idempotency_key: string;
  project_path: string;
  scratch_dir: string;
  /** Files of the run: what earlier steps left, and what this one leaves. */
  artifacts_dir: string;
  deadline: string;
}

/** A directory that a script may be changing at this moment, and the user that it is to belong to. */
export interface SharedFolder {
  path: string;
  /** Absent = ours. */
  owner?: number | undefined;
  /** What {@link ArtifactExchange} left in it after the call before. */
  held?: { of: string; looks: string } | undefined;
}

/** Brings the files of a run to a call, and back. */
export interface ArtifactExchange {
  /** Has the directory hold the run's files and nothing else. */
  fill(folder: SharedFolder): Promise<void>;
  /** Keeps what the call has changed there. Rejects with a MissionError `output_invalid` when it is too much. */
  collect(folder: SharedFolder): Promise<void>;
}

/** Something that a script tried and its jail did not let it do. */
export interface ScriptRefusal {
  /** `network:HOST:PORT` or `filesystem:PATH`; without what is not known. */
  target: string;
  /** The permission that would open it; absent where none does. */
  permission?: string;
  /** For people: what was refused, and what to do. */
  message: string;
}

/** One call of a script. */
export interface ScriptCall {
  name: string;
  inputs: JsonObject;
  context: ScriptContext;
  timeoutMs: number;
  /** Permission tags of its directive; null = none. */
  permissions: readonly string[] | null;
  /** On whose behalf it runs: principals do not share processes. */
  principal: string;
  /** It gets a process of its own, for this call alone. */
  fresh: boolean;
  /** Aborted when the run is cancelled or the worker stops. */
  signal: AbortSignal;
  onLog(level: LogLevel, message: string, data?: Json): void;
  onProgress(done: number, total: number | undefined, message: string | undefined): void;
  /** The script says that it is alive. */
  onHeartbeat(): void;
  /** Its jail refused something, whether or not the call failed of it; told once for each target. */
  onRefused?(refusal: ScriptRefusal): void;
  /** The run's files; absent where there are none. */
  artifacts?: ArtifactExchange;
  /** Its inputs hold secrets: no process may take this call that takes others afterwards. */
  confidential: boolean;
  /**
   * The value of a secret, for the script's own `secret(name)`: under the run's permissions, audited, and kept out of
   * all that the call gives back. Rejects with a MissionError `permission_denied`, `not_found` or `config_invalid`.
   */
  secret(name: string): Promise<string>;
}

/** What a system script may touch: only what its directive's permissions name. */
export type ScriptResult = JsonObject;

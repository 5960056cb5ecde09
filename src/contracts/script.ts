import type { Json, JsonObject } from './json/json.js';
import type { InputSpec } from './plan.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The manifest of a system script (`directives/scripts/NAME.yaml`). */
export interface ScriptManifest {
  name: string;
  description: string;
  inputs: Record<string, InputSpec>;
  /** Fields of the result. */
  outputs: string[];
  /**
   * Rights that the script needs, as permission tags. A script with only `read:` rights has no effect outside the run.
   */
  rights: string[];
  /** Name of the input whose value is the scope of the rights; absent = the rights have no scope. */
  target?: string;
  timeout_seconds?: number;
  retry?: { attempts: number };
  /** False = planned; calls fail with `script_not_available`. */
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

/** Context of a script call, which the script can read. `deadline` is ISO-8601. */
export interface ScriptContext {
  run_id: string;
  step_path: string;
  iteration: string;
  attempt: number;
  idempotency_key: string;
  project_path: string;
  scratch_dir: string;
  /** Directory with the files of the run; the script reads earlier files there and leaves its own. */
  artifacts_dir: string;
  deadline: string;
}

/** A directory that a script may change concurrently, and the user who must own it. */
export interface SharedFolder {
  path: string;
  /** User id of the owner; absent = the user of this process. */
  owner?: number | undefined;
  /**
   * State that {@link ArtifactExchange} left after the last call: the key of the files, and a fingerprint of the
   * directory.
   */
  held?: { of: string; looks: string } | undefined;
}

/** Copies the files of a run into the directory of a call, and back. */
export interface ArtifactExchange {
  /** Makes the directory contain exactly the files of the run. */
  fill(folder: SharedFolder): Promise<void>;
  /**
   * Stores the files that the call changed. Rejects with a MissionError `output_invalid` beyond {@link
   * ARTIFACT_LIMITS}.
   */
  collect(folder: SharedFolder): Promise<void>;
}

/** An access of a script that its sandbox refused. */
export interface ScriptRefusal {
  /** `network:HOST:PORT` or `filesystem:PATH`; unknown parts are left out. */
  target: string;
  /** The permission that would allow the access; absent when none would. */
  permission?: string;
  /** The refused access and the remedy, as text for people. */
  message: string;
}

/** One call of a script. */
export interface ScriptCall {
  name: string;
  inputs: JsonObject;
  context: ScriptContext;
  timeoutMs: number;
  /** Permission tags of the directive; null = it declares none. */
  permissions: readonly string[] | null;
  /** The principal that the script runs for. Principals never share a process. */
  principal: string;
  /** True = the call gets a fresh process, which serves no other call. */
  fresh: boolean;
  /** Aborted when the run is cancelled or the worker stops. */
  signal: AbortSignal;
  onLog(level: LogLevel, message: string, data?: Json): void;
  onProgress(done: number, total: number | undefined, message: string | undefined): void;
  /** Called when the script sends a heartbeat. */
  onHeartbeat(): void;
  /** Called once for each target that the sandbox refused, whether or not the call fails. */
  onRefused?(refusal: ScriptRefusal): void;
  /** Access to the files of the run; absent when calls have no files. */
  artifacts?: ArtifactExchange;
  /** True = the inputs contain secrets; the process of this call must not serve later calls. */
  confidential: boolean;
  /**
   * Resolves a secret for the script's `secret(name)`. The run's permissions apply, the access is audited, and the value
   * is redacted from everything that the call returns. Rejects with a MissionError `permission_denied`, `not_found` or
   * `config_invalid`.
   */
  secret(name: string): Promise<string>;
}

/** The result of a script: a JSON object. */
export type ScriptResult = JsonObject;

import type { Approver } from './approver.js';
import type { InputSpec, Limits } from './plan.js';
import type { ProjectScript, ScriptManifest } from './script.js';

/**
 * Origin of a library item. On equal names the project's item wins over the user's, and the user's over the system's.
 */
export type Source = 'project' | 'user' | 'system';

/** Pattern of the names of directives and steps. */
export const DIRECTIVE_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** A library file that was not loaded as a directive. */
export interface FileProblem {
  /** Absolute path of the file or folder. */
  file: string;
  /** Reason and remedy. The text continues a sentence whose subject is the file. */
  message: string;
  /** Name of the directive; absent when the file is too broken to read it. */
  name?: string;
  /** True when the file is valid, but a directive of the project has the same name and takes precedence. */
  shadowed?: true;
}

/** The source text of one directive file. */
export interface DirectiveFile {
  name: string;
  source: Source;
  /** Absolute path. */
  file: string;
  text: string;
}

/** The parts of a directive that the compiler needs to check steps that run it. */
export interface DirectiveSummary {
  name: string;
  version: string;
  inputs: Record<string, InputSpec>;
  /** Names of the directives that its steps run. */
  calls: string[];
}

/** Everything that the steps of a directive may name; the compiler checks references against it. */
export interface Catalog {
  /** System scripts by name. */
  scripts: ReadonlyMap<string, ScriptManifest>;
  /** A project's own scripts by name (without ending). System names are reserved: a project script never shadows one. */
  projectScripts: ReadonlyMap<string, ProjectScript>;
  /** Names of the configured MCP servers; null = unknown, then server names are not checked. */
  mcpServers: ReadonlySet<string> | null;
  /** Configured models; absent or null = unknown, then model names are not checked. */
  models?: ModelNames | null;
  /** Every directive by name; absent = unknown, then `directive` steps are not checked. */
  directives?: ReadonlyMap<string, DirectiveSummary>;
  /** Known approvers, and the actor who would start the run; absent = unknown, then approvers are not checked. */
  approvers?: { people: readonly Approver[]; starter: string };
  /** Highest limits that a directive may declare on this platform. */
  ceilings: Limits;
}

/** The built-in model, which works without a language model: it answers in conversations where none is configured. */
export const INTENT_MODEL = 'intent';

/** Names of the models in `mission.yaml`. */
export interface ModelNames {
  names: ReadonlySet<string>;
  /** Model of steps that name none; absent when the configuration determines no default. */
  default?: string;
}

/**
 * Ceilings of the limits that `mission.yaml` does not set. They are also the defaults, except for `duration_seconds`.
 */
export const DEFAULT_CEILINGS: Limits = {
  steps: 1_000_000,
  iterations: 1_000_000,
  depth: 10,
  spawns: 1_000,
  concurrency: 1_000,
  duration_seconds: 30 * 86_400,
};

export const DEFAULT_DURATION_SECONDS = 86_400;

import type { Approver } from './approver.js';
import type { InputSpec, Limits } from './plan.js';
import type { ProjectScript, ScriptManifest } from './script.js';

/** Where an item comes from; project beats user beats system. */
export type Source = 'project' | 'user' | 'system';

/** What a directive or a step may be called. */
export const DIRECTIVE_NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** A file of a library that was left out. */
export interface FileProblem {
  /** Absolute path of the file or folder. */
  file: string;
  /** Why, and what to do about it; continues a sentence that begins with the file. */
  message: string;
  /** The directive's name, as far as it could be read. */
  name?: string;
  /** True where nothing is wrong: the project's directive goes before the user's. */
  shadowed?: true;
}

/** A directive as it lies on disk. */
export interface DirectiveFile {
  name: string;
  source: Source;
  /** Absolute path. */
  file: string;
  text: string;
}

/** What of a directive matters to those that run it as a step. */
export interface DirectiveSummary {
  name: string;
  version: string;
  inputs: Record<string, InputSpec>;
  /** The directives that its own steps run. */
  calls: string[];
}

/** What a directive is checked against: everything that its steps may name. */
export interface Catalog {
  /** System scripts by name. */
  scripts: ReadonlyMap<string, ScriptManifest>;
  /** A project's own scripts by name (without ending). System names are reserved: a project script never shadows one. */
  projectScripts: ReadonlyMap<string, ProjectScript>;
  /** Configured MCP servers; null = not known here (then servers are not checked). */
  mcpServers: ReadonlySet<string> | null;
  /** Configured models; absent or null = not known here (then models are not checked). */
  models?: ModelNames | null;
  /** Every directive by name; absent = not known here (then steps that run one are not checked). */
  directives?: ReadonlyMap<string, DirectiveSummary>;
  /** Who could answer questions, and who would start the run; absent = not known here. */
  approvers?: { people: readonly Approver[]; starter: string };
  /** The platform's ceilings. */
  ceilings: Limits;
}

/** The models of the operator's file. */
export interface ModelNames {
  names: ReadonlySet<string>;
  /** The one that a step gets which names none; absent where that is not clear. */
  default?: string;
}

/** Ceilings and defaults where the operator's file says nothing. */
export const DEFAULT_CEILINGS: Limits = {
  steps: 1_000_000,
  iterations: 1_000_000,
  depth: 10,
  spawns: 1_000,
  concurrency: 1_000,
  duration_seconds: 30 * 86_400,
};

export const DEFAULT_DURATION_SECONDS = 86_400;

/** One of those that bound what a run may do: its speaker, the directives of the runs above it, and its own directive. */
export interface ChainLink {
  link: 'speaker' | 'parent' | 'directive';
  /** The actor, or the name of the directive. */
  name: string;
  /** The run of the directive; null for the speaker. */
  run_id: string | null;
  allows: boolean;
  /** The tag that forbids it; absent = no tag does. */
  denied_by?: string;
}

/** What was asked for: to start a run, to decide an approval, to send a request, to call a tool, or what a step uses. */
export type CheckedAction = 'start' | 'approval' | 'request' | 'tool' | 'step';

/** A decision about a right, with its reason. */
export interface PermissionCheck {
  run_id?: string | null;
  step_path?: string | null;
  iteration?: string | null;
  actor: string;
  action: CheckedAction;
  /** The thing that was to be used, such as `directive:deploy`, or the name of a step. */
  target: string;
  /** The right that was needed; null = none, or it is not known. */
  permission: string | null;
  allowed: boolean;
  /** The link that refused; null = allowed, or it is not known. */
  refused_by?: ChainLink['link'] | null;
  chain?: ChainLink[];
  /** Why, and for a refusal what to do, as a sentence. */
  reason: string;
}

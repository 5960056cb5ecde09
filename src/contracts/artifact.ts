/** A file of a run. */
export interface Artifact {
  /** Relative to the run's files, with `/`. */
  path: string;
  /** SHA-256 of its content, hexadecimal. */
  hash: string;
  bytes: number;
}

/** Upper bounds on the files of one run, so that a script cannot fill the database. */
export const ARTIFACT_LIMITS = {
  files: 1_000,
  fileBytes: 64 * 1024 * 1024,
  runBytes: 256 * 1024 * 1024,
  pathLength: 512,
} as const;

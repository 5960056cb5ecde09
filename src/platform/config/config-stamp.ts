import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Identifies the version of the operator's file that a process read. */
export interface ConfigStamp {
  /** Absolute path; the file may be missing. */
  file: string;
  /** SHA-256 of the content; empty where there was no file. */
  digest: string;
  readAt: Date;
}

/** The stamp of the file as it is now. */
export const stampOf = (file: string): ConfigStamp => ({
  file,
  digest: digestOf(file),
  readAt: new Date(),
});

/** Whether the file has changed since it was read. */
export const isStale = ({ file, digest }: ConfigStamp): boolean => digestOf(file) !== digest;

/**
 * An unreadable file counts as missing: both differ from the content that was
 * read.
 */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

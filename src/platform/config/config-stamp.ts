import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The operator's file as a process read it. */
export interface ConfigStamp {
  /** Absolute path; there need not be a file. */
  file: string;
  /** Of the content; empty where there was no file. */
  digest: string;
  readAt: Date;
}

/** The file as it is now. */
export const stampOf = (file: string): ConfigStamp => ({
  file,
  digest: digestOf(file),
  readAt: new Date(),
});

/** Whether the file is another one than was read. */
export const isStale = ({ file, digest }: ConfigStamp): boolean => digestOf(file) !== digest;

/** What cannot be read is what is not there: either is a change to what was read. */
function digestOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

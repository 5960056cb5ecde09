import { basename } from 'node:path';
import type { JsonObject } from '../../../contracts/json/json.js';

/** A command of a shell script that ended with a status other than 0. */
export interface FailedCommand {
  status: number;
  /** `file:line` */
  at: string;
  command: string;
}

const MAX_COMMAND = 200;

/** Reads a frame of `bash-trap.sh`; undefined for any other frame. */
export function failedCommand({ failed }: JsonObject, file: string): FailedCommand | undefined {
  if (!Array.isArray(failed)) return undefined;
  const [status, line, command] = failed;
  const text = String(command).slice(0, MAX_COMMAND);
  return { status: Number(status), at: `${basename(file)}:${Number(line)}`, command: text };
}

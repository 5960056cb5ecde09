import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { freeMib } from '../instance/home.js';
import { error, ok, reason, warning, type Check, type Finding } from './check.js';

const ENOUGH_MIB = 1_024;
const LITTLE_MIB = 200;

/** The directory itself, or the closest existing directory above it. */
const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)));

function writable(home: string): Finding {
  try {
    accessSync(existing(home), constants.W_OK);
    return ok('home', home);
  } catch (thrown) {
    return error(
      'home',
      reason(thrown),
      'Make it writable, or set MISSION_HOME to another directory',
    );
  }
}

function space(home: string): Finding {
  const free = freeMib(existing(home));
  const message = `${free} MiB are free`;
  if (free >= ENOUGH_MIB) return ok('space', message);
  const finding = free < LITTLE_MIB ? error : warning;
  return finding(
    'space',
    message,
    'Free some space, or set MISSION_HOME to a directory on another file system',
  );
}

/**
 * Checks that `MISSION_HOME` is writable and that its file system has free
 * space.
 */
export const checkHome: Check = async ({ home }) => [writable(home), space(home)];

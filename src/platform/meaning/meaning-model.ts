import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Names the model in stored vectors: those of another model are never compared with its own. */
export const MEANING_MODEL = 'minilm-l6-int8-1';

/** `~/.cache/mission-control/meaning` */
export const meaningCache = (): string => join(homedir(), '.cache', 'mission-control', 'meaning');

/** A model that can be used. */
export interface ReadyModel {
  /** Absolute path of the Python that the packages are for. */
  python: string;
  /** Directory with `model.onnx`, `tokenizer.json` and the packages in `lib`. */
  folder: string;
}

export type MeaningState =
  | ({ kind: 'ready' } & ReadyModel)
  /** `reason`, `at`: the last attempt to obtain it, if there was one. */
  | { kind: 'absent'; reason?: string; at?: string };

export const modelFolder = (cacheDir: string): string => join(cacheDir, MEANING_MODEL);
export const failureFile = (cacheDir: string): string => join(cacheDir, 'failure.json');
export const readyFile = (folder: string): string => join(folder, 'ready.json');

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Says whether the model of the user's cache can be used. It reads two small files. */
export function meaningState(cacheDir = meaningCache()): MeaningState {
  const folder = modelFolder(cacheDir);
  const ready = read<{ python: string }>(readyFile(folder));
  if (ready && existsSync(ready.python)) return { kind: 'ready', python: ready.python, folder };
  return { kind: 'absent', ...read<{ reason: string; at: string }>(failureFile(cacheDir)) };
}

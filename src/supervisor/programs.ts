import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Program } from './program-service.js';

const built = (file: string) => join(import.meta.dirname, '..', file);
const preload = (file: string) => `--import=${pathToFileURL(built(file))}`;
const flags = (mib: number) => [
  '--enable-source-maps',
  `--max-old-space-size=${mib}`,
  preload('supervisor/guard.js'),
];

/**
 * The API and the worker, in the order in which they stop. A worker drains for
 * up to 30 s.
 */
export const PROGRAMS: { api: Program; worker: Program } = {
  api: {
    name: 'API',
    args: [...flags(384), built('api/main.js')],
    drainMs: 10_000,
  },
  worker: {
    name: 'worker',
    args: [...flags(768), preload('workers/workflow-thread.js'), built('workers/main.js')],
    drainMs: 35_000,
  },
};

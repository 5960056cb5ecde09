import { join } from 'node:path';
import type { Program } from './program-service.js';

const built = (file: string) => join(import.meta.dirname, '..', file);
const heap = (mib: number) => `--max-old-space-size=${mib}`;

/** Our two processes, in the order in which they are ended. A worker drains for up to 30 s. */
export const PROGRAMS: { api: Program; worker: Program } = {
  api: {
    name: 'API',
    args: ['--enable-source-maps', heap(384), built('api/main.js')],
    drainMs: 10_000,
  },
  worker: {
    name: 'worker',
    args: ['--enable-source-maps', heap(768), built('workers/main.js')],
    drainMs: 35_000,
  },
};

import { homedir } from 'node:os';
import type { DataSource } from 'typeorm';
import { CancelService } from '../kernel/cancel-service.js';
import type { DirectiveRegistry } from '../kernel/directive-registry.js';
import type { Executor } from '../kernel/execute.js';
import { RunControl } from '../kernel/run-control.js';
import { RerunService } from '../replays/rerun-service.js';
import { Blobs } from '../runs/values/blobs.js';
import { Plans } from '../runs/values/plans.js';
import { PolledAnswers } from '../threads/polled-answers.js';
import { ThreadMessages } from '../threads/thread-messages.js';
import { ThreadService } from '../threads/thread-service.js';
import { Kernel, type KernelOptions } from './kernel.js';
import { PolledEnds } from './call/run-ends.js';

export interface OpenKernelOptions extends Pick<
  KernelOptions,
  'dataSource' | 'registry' | 'executor' | 'recorder' | 'project' | 'search'
> {
  registry: DirectiveRegistry;
  executor: Executor;
}

/** A kernel of a process that follows no feed: it asks the database for what it waits for. */
export function openKernel(options: OpenKernelOptions): Kernel {
  const { dataSource, registry, executor, project } = options;
  const blobs = new Blobs(dataSource);
  const cancelService = new CancelService(dataSource);
  const threads = new ThreadService(dataSource, registry, project);
  const runControl = new RunControl(dataSource);
  return new Kernel({
    ...options,
    ends: new PolledEnds(dataSource),
    blobs,
    cancelService,
    rerunService: rerunServiceOf(dataSource, executor, registry, blobs),
    threads: {
      threads,
      messages: new ThreadMessages(dataSource, threads, cancelService, runControl),
      answers: new PolledAnswers(dataSource),
    },
    userHome: homedir(),
  });
}

const rerunServiceOf = (
  dataSource: DataSource,
  executor: Executor,
  registry: DirectiveRegistry,
  blobs: Blobs,
) => new RerunService(dataSource, executor, registry, new Plans(dataSource), blobs);

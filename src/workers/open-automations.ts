import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { AutomationSweep } from '../automations/automation-sweep.js';
import { DefinitionSync } from '../automations/definition/definition-sync.js';
import { ScheduleSync } from '../automations/engine/schedule-sync.js';
import { RunStarter } from '../automations/firing/run-starter.js';
import { CancelService } from '../kernel/cancel-service.js';
import type { Executor } from '../kernel/execute.js';
import type { Recorder } from '../observation/record.js';
import type { Logger } from '../platform/logger.js';

export interface OpenAutomationsOptions {
  dataSource: DataSource;
  executor: Executor;
  recorder: Recorder;
  client: Client;
  taskQueue: string;
  /** The folder of the project. */
  project: string;
  logger: Logger;
}

/** What fires automations in a worker. */
export function openAutomations(options: OpenAutomationsOptions): AutomationSweep {
  const { dataSource, executor, recorder, project, logger } = options;
  const cancelService = new CancelService(dataSource);
  return new AutomationSweep({
    dataSource,
    recorder,
    starter: new RunStarter({ dataSource, executor, cancelService }),
    definitions: new DefinitionSync(dataSource, project, logger),
    schedules: new ScheduleSync(options),
    logger,
  });
}

import type { DataSource } from 'typeorm';
import { Conversations } from '../../src/activities/models/conversation.js';
import { ModelTools, type ModelToolsOptions } from '../../src/activities/models/model-tools.js';
import { ModelTurns } from '../../src/activities/models/model-turns.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { Blobs } from '../../src/runs/values/blobs.js';
import { ThreadStreams } from '../../src/threads/events/thread-streams.js';
import { ThreadHistory } from '../../src/threads/thread-history.js';
import { Models, type ModelsOptions } from '../../src/tools/models/models.js';

const absent = () => Promise.reject(new Error('not here'));

/** The model turns of a worker: the real class, on a test's database. */
export const modelTurns = (
  dataSource: DataSource,
  { models, ...rest }: Pick<ModelsOptions, 'models'> & Partial<ModelsOptions & ModelToolsOptions>,
): ModelTurns =>
  new ModelTurns({
    models: new Models({ models, secrets: { resolve: absent }, redactor: new Redactor(), ...rest }),
    history: new ThreadHistory(dataSource),
    streams: new ThreadStreams(dataSource),
    conversations: new Conversations(dataSource, new Blobs(dataSource)),
    tools: new ModelTools({
      manifests: new Map(),
      findScript: async () => undefined,
      mcp: { status: absent },
      ...rest,
    }),
  });

import { SEARCH_ATTRIBUTES } from '../../contracts/engine.js';

export interface ServerAddress {
  dbFile: string;
  port: number;
  uiPort: number;
  namespace: string;
}

/**
 * Settings for latency: by default one shard polls 20 times a second, which
 * adds 50 ms to every task.
 */
const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=10000',
  'history.timerProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxTimeShift="50ms"',
  'system.enableActivityEagerExecution=true',
  'system.enableEagerWorkflowStart=true',
];

/**
 * Without WAL and a busy timeout, concurrent writers fail with SQLITE_BUSY and
 * delay their tasks.
 */
const PRAGMAS = ['journal_mode=WAL', 'synchronous=FULL', 'busy_timeout=10000'];

const each = (flag: string, values: string[]) => values.flatMap((value) => [flag, value]);

/**
 * The command line of the embedded Temporal server, whose default settings are
 * slow.
 */
export const serverArguments = ({ dbFile, port, uiPort, namespace }: ServerAddress): string[] => [
  'server',
  'start-dev',
  '--ip=127.0.0.1',
  `--port=${port}`,
  `--ui-port=${uiPort}`,
  `--db-filename=${dbFile}`,
  '--log-level=warn',
  ...(namespace === 'default' ? [] : [`--namespace=${namespace}`]),
  ...each('--sqlite-pragma', PRAGMAS),
  ...each('--dynamic-config-value', DYNAMIC_CONFIG),
  ...each(
    '--search-attribute',
    Object.values(SEARCH_ATTRIBUTES).map((name) => `${name}=Keyword`),
  ),
];

import { MissionError } from '../../../contracts/errors.js';
import type { Json } from '../../../contracts/json/json.js';
import type { Confines } from '../../../sandbox/confines.js';
import type { FailedCommand } from './failed-command.js';
import type { Ending } from '../../../sandbox/processes/process-group.js';
import { shellFaults } from './shell-faults.js';
import { explained, shorten, withFacts } from './thrown-error.js';

const seconds = (ms: number) => `${ms / 1000} s`;

/** The errors that a call of the script `name` can end with. */
export const scriptFailure = {
  /** The process ended during the call, by itself or by a signal. */
  ended(
    name: string,
    ending: Ending,
    stderr: string,
    { confines, failed }: { confines?: Confines; failed?: FailedCommand } = {},
  ): MissionError {
    if (ending.why !== undefined) return stopped(name, ending.why);
    if (ending.error) return notStarted(name, ending.error);
    const last = stderr.trimEnd().split('\n').at(-1)!.trim();
    const place = failed ? `, ${failed.at}: ${failed.command}` : '';
    const how = ending.signal ? `signal ${ending.signal}` : `exit ${ending.code}${place}`;
    const words = `script '${name}': the script's process ended (${how})${last ? `: ${last}` : ''}`;
    const facts = {
      exit_code: ending.code,
      signal: ending.signal,
      ...(failed && { at: failed.at }),
    };
    const data = withStderr(facts, stderr);
    return explained(words, data, { faults: shellFaults(last), said: last, confines });
  },

  timeout(name: string, ms: number): MissionError {
    const longer = Math.ceil((2 * ms) / 1000);
    return new MissionError(
      'timeout',
      `script '${name}' did not finish within ${seconds(ms)} and was stopped; if it needs longer, raise the timeout of its step, such as "timeout_seconds: ${longer}"`,
    );
  },

  notLoaded(name: string, ms: number): MissionError {
    return new MissionError(
      'timeout',
      `script '${name}' was not loaded within ${seconds(ms)}: its top-level code, or that of a module it imports, does not end`,
    );
  },

  busy(name: string, ms: number): MissionError {
    return new MissionError(
      'unavailable',
      `script '${name}' was not started: no runner became free within ${seconds(ms)}`,
      undefined,
      { retryable: true },
    );
  },

  cancelled(name: string): MissionError {
    return new MissionError('cancelled', `script '${name}' was cancelled`);
  },

  lost(name: string): MissionError {
    const message = `script '${name}' did not run: its runner was lost before the call reached it`;
    return new MissionError('internal', message, undefined, { retryable: true });
  },

  stopping(name: string): MissionError {
    const message = `script '${name}' was interrupted: its worker is stopping`;
    return new MissionError('internal', message, undefined, { retryable: true });
  },

  invalid(name: string, problem: string, stderr = ''): MissionError {
    return new MissionError(
      'output_invalid',
      shorten(`script '${name}' ${problem}`),
      withStderr(undefined, stderr),
    );
  },

  flood(name: string, bytes: number): MissionError {
    return scriptFailure.invalid(
      name,
      `printed or logged more than ${bytes / 1024} KiB and was stopped; write large data to a file and return its path`,
    );
  },

  /** A limit of the processes was exceeded; `what` describes which one. */
  limitExceeded(name: string, what: string): MissionError {
    return new MissionError('script_error', `script '${name}' was stopped: ${what}`, undefined, {
      retryable: false,
    });
  },

  missing(name: string, file: string): MissionError {
    return new MissionError('script_not_available', `script '${name}': ${file} does not exist`);
  },
};

function stopped(name: string, why: string): MissionError {
  const message = `script '${name}' was stopped: ${why}`;
  return new MissionError('internal', message, undefined, { retryable: true });
}

function notStarted(name: string, error: NodeJS.ErrnoException): MissionError {
  if (error.code === 'ENOENT' || error.code === 'EACCES') {
    const message = `script '${name}' cannot be started: ${error.message}; is its interpreter installed and on PATH?`;
    return new MissionError('script_not_available', message);
  }
  const message = `script '${name}' could not be started: ${error.message}`;
  return new MissionError('internal', message, undefined, { cause: error, retryable: true });
}

const withStderr = (data: Json | undefined, stderr: string) =>
  withFacts(data, stderr === '' ? {} : { stderr });

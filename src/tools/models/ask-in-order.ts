import { MissionError } from '../../contracts/errors.js';
import { isObject } from '../../contracts/json/json.js';
import type { AskOptions, ModelAnswer } from '../../contracts/model.js';

/** Statuses for which the request is the reason, and not the model, its account or its server. */
const FAULTS_OF_REQUEST = [400, 413, 422];

/** Asks one model. */
type Ask = (name: string, options: AskOptions) => Promise<ModelAnswer>;

/**
 * Asks a model, and its fallbacks in order where a model cannot be asked: it is busy, away, silent, or refuses its key.
 * All of them share the time of the turn.
 * @throws the first failure that a retry may mend, or the first one; its message has all of them
 */
export async function askInOrder(
  names: readonly string[],
  options: AskOptions,
  ask: Ask,
): Promise<ModelAnswer> {
  const until = Date.now() + options.timeoutMs;
  const failures: MissionError[] = [];
  for (const name of names) {
    const timeoutMs = until - Date.now();
    if (timeoutMs <= 0 || options.signal.aborted) break;
    const last = failures.at(-1);
    if (last) options.onFallback?.(name, last.message);
    try {
      return { ...(await ask(name, { ...options, timeoutMs })), model: name };
    } catch (thrown) {
      if (!(thrown instanceof MissionError)) throw thrown;
      failures.push(thrown);
      if (!mayOthersAnswer(thrown)) break;
    }
  }
  throw together(failures);
}

/** Whether another model may answer what this one did not. */
function mayOthersAnswer({ code, data }: MissionError): boolean {
  if (code === 'unavailable' || code === 'too_many_requests' || code === 'timeout') return true;
  const status = isObject(data ?? null) ? (data as { status?: number }).status : undefined;
  return code === 'model_error' && status !== undefined && !FAULTS_OF_REQUEST.includes(status);
}

function together(failures: readonly MissionError[]): MissionError {
  const main = failures.find(({ retryable }) => retryable !== false) ?? failures[0]!;
  if (failures.length === 1) return main;
  const texts = [main, ...failures.filter((each) => each !== main)].map(({ message }) => message);
  const more = main.retryable === undefined ? {} : { retryable: main.retryable };
  return new MissionError(main.code, texts.join(' '), main.data, { cause: main, ...more });
}

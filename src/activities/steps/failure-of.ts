import { MissionError, toStepError, type StepError } from '../../contracts/errors.js';
import { excerpt } from '../../language/text/excerpt.js';
import type { Blobs } from '../../runs/values/blobs.js';

/** Converts a failure to the error that is stored and sent: a long message is cut, large data becomes a reference. */
export async function failureOf(
  blobs: Pick<Blobs, 'keep'>,
  step: string,
  thrown: MissionError,
): Promise<StepError> {
  const error = { step, ...toStepError(thrown) };
  error.message = excerpt(error.message);
  if (error.data !== undefined) error.data = await blobs.keep(error.data);
  return error;
}

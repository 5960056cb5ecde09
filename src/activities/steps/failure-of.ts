import { MissionError, toStepError, type StepError } from '../../contracts/errors.js';
import { excerpt } from '../../language/text/excerpt.js';
import type { Blobs } from '../../runs/values/blobs.js';

/** A step's failure as it is recorded and travels: with a long message cut, and large data by reference. */
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

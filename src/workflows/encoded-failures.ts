import { DefaultFailureConverter } from '@temporalio/common';

/** Puts the text of failures into a payload, which the codec encrypts. Used where payloads are encrypted. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });

import { DefaultFailureConverter } from '@temporalio/common';

/** Moves failure messages into a payload, so that the codec encrypts them. Used only where payloads are encrypted. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });

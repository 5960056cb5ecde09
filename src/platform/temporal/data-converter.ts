import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { KeyFile } from '../keys/key-file.js';
import { EncryptionCodec } from './payload-codec.js';
import { PayloadKeys } from './payload-keys.js';

/** Failures with their text inside a payload, so that it is encrypted, too. Part of the workflow bundle `encrypted`. */
const FAILURE_CONVERTER = join(import.meta.dirname, '../../workflows/encoded-failures.js');

/** The codec for the keys in a file. */
export const payloadCodec = (path: string): EncryptionCodec =>
  new EncryptionCodec(new PayloadKeys(new KeyFile(path, 'Keys of what Temporal stores')));

/** What every client and worker converts data with; undefined = as the SDK does, in clear. */
export const dataConverter = (keysPath: string | undefined): DataConverter | undefined =>
  keysPath === undefined
    ? undefined
    : { payloadCodecs: [payloadCodec(keysPath)], failureConverterPath: FAILURE_CONVERTER };

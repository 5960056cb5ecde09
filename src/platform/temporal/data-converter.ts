import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { KeyFile } from '../keys/key-file.js';
import { EncryptionCodec } from './payload-codec.js';
import { PayloadKeys } from './payload-keys.js';

/**
 * Moves the text of failures into a payload, so that it is encrypted as well.
 * Part of the workflow bundle `encrypted`.
 */
const FAILURE_CONVERTER = join(import.meta.dirname, '../../workflows/encoded-failures.js');

/** The codec that encrypts with the keys in a file. */
export const payloadCodec = (path: string): EncryptionCodec =>
  new EncryptionCodec(new PayloadKeys(new KeyFile(path, 'Keys that encrypt payloads in Temporal')));

/**
 * The data converter of every client and worker; undefined means the SDK's
 * default, without encryption.
 */
export const dataConverter = (keysPath: string | undefined): DataConverter | undefined =>
  keysPath === undefined
    ? undefined
    : { payloadCodecs: [payloadCodec(keysPath)], failureConverterPath: FAILURE_CONVERTER };

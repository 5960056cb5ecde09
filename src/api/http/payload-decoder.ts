import type { Payload, PayloadCodec } from '@temporalio/common';
import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';

/** Decrypts payloads in the format of Temporal's codec server protocol: JSON with bytes in base64. */
export class PayloadDecoder {
  /** `codec`: undefined = payloads are not encrypted. */
  constructor(private readonly codec: PayloadCodec | undefined) {}

  /** @throws MissionError `not_found` when payloads are not encrypted; `input_invalid`; `config_invalid` for a missing key */
  async decode(body: JsonObject): Promise<JsonObject> {
    if (!this.codec) {
      throw new MissionError(
        'not_found',
        'MISSION_PAYLOAD_KEYS is not set, so payloads are not encrypted.',
      );
    }
    const { payloads } = body;
    if (!Array.isArray(payloads)) throw bad('the body must be {"payloads": […]}');
    const decoded = await this.codec.decode(payloads.map(fromJson));
    return { payloads: decoded.map(toJson) };
  }
}

function fromJson(payload: Json): Payload {
  if (!isObject(payload)) throw bad('a payload must be an object');
  const { metadata, data } = payload;
  const entries = Object.entries(isObject(metadata) ? metadata : {});
  return {
    metadata: Object.fromEntries(entries.map(([name, value]) => [name, bytes(value)])),
    data: bytes(data ?? ''),
  };
}

function bytes(text: Json): Uint8Array {
  if (typeof text === 'string') return Buffer.from(text, 'base64');
  throw bad('metadata and data must be base64');
}

const base64 = (value: Uint8Array | null | undefined): string =>
  Buffer.from(value ?? []).toString('base64');

const toJson = ({ metadata, data }: Payload): JsonObject => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
  ),
  data: base64(data),
});

const bad = (message: string) => new MissionError('input_invalid', `${message}.`);

import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { MissionError } from '../../contracts/errors.js';
import type { PayloadKeys } from './payload-keys.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const ENCODING = 'binary/encrypted';
/**
 * Additional authenticated data: it binds the ciphertext to this use, so that
 * other data sealed with the same key is not accepted as a payload.
 */
const ABOUT = 'temporal:payload';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const metadataOf = ({ metadata }: Payload, name: string): string =>
  Buffer.from(metadata?.[name] ?? []).toString();

/**
 * Encrypts the payloads that Temporal stores: inputs, results, signals and
 * failure texts. A payload names the key that encrypted it. An unencrypted
 * payload is accepted as it is, so that earlier runs continue.
 */
export class EncryptionCodec implements PayloadCodec {
  constructor(private readonly keys: PayloadKeys) {}

  async encode(payloads: Payload[]): Promise<Payload[]> {
    const keys = await this.keys.current();
    const id = bytes(keys.current.id);
    return payloads.map((payload) => ({
      metadata: { encoding: bytes(ENCODING), 'encryption-key-id': id },
      data: keys.seal(PayloadMessage.encode(payload).finish(), ABOUT),
    }));
  }

  /**
   * @throws MissionError `config_invalid` that names the missing or wrong key
   */
  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.decodeOne(payload)));
  }

  private async decodeOne(payload: Payload): Promise<Payload> {
    if (metadataOf(payload, 'encoding') !== ENCODING) return payload;
    const id = metadataOf(payload, 'encryption-key-id');
    const keys = await this.keys.with(id);
    try {
      return PayloadMessage.decode(keys.open(id, payload.data ?? new Uint8Array(), ABOUT));
    } catch (error) {
      if (!(error instanceof MissionError)) throw error;
      const text = `A payload in Temporal cannot be decrypted. ${error.message}`;
      throw new MissionError(error.code, text, undefined, { cause: error, retryable: false });
    }
  }
}

import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import { permits } from '../../contracts/permission.js';
import { SECRET_NAME, secretRight } from '../../contracts/secret.js';
import type { Recorder } from '../../observation/record.js';
import { MIN_SECRET_LENGTH, type Redactor } from '../../platform/redaction/redactor.js';
import type { SecretSource } from './secret-source.js';
import type { SecretUses } from './secret-uses.js';

/** The caller and the place for which a secret is read. */
export interface SecretUse {
  /** The actor for the audit log. */
  actor: string;
  /** The effective permissions; null = those of the actor, which include every secret. */
  permissions: readonly string[] | null;
  /** The place of use for the audit log: a step or a server. */
  where: JsonObject;
}

export interface SecretsOptions {
  /** The sources in the order in which they are asked. */
  sources: readonly SecretSource[];
  recorder: Pick<Recorder, 'audit'>;
  uses: Pick<SecretUses, 'note'>;
  redactor: Redactor;
}

/** Finds the values of secrets and checks the permission. Only the redactor keeps a value. */
export class Secrets {
  constructor(private readonly options: SecretsOptions) {}

  /**
   * Returns the value of a secret. Each use is written to the audit log, with the name and never the value.
   * @throws MissionError, none of them to be retried: `permission_denied`; `not_found` when no source has it;
   * `config_invalid` when a source cannot be read, or the value is too short to be kept out of logs
   */
  async resolve(name: string, use: SecretUse): Promise<string> {
    if (!permits(use.permissions, secretRight(name))) {
      await this.audit('secret.denied', name, use, {});
      const permission = secretRight(name);
      const text = `The secret "${name}" may not be used here: the permission "${permission}" is missing.`;
      const data = { secret: name, permission };
      throw new MissionError('permission_denied', text, data, { retryable: false });
    }
    const { value, kind } = await this.find(name);
    const fresh = this.options.redactor.learn(name, value);
    await this.options.uses.note(name, kind, fresh);
    await this.audit('secret.use', name, use, { source: kind });
    return value;
  }

  /** Teaches the redactor a secret that another worker uses. A secret that no source has is ignored. */
  async acquaint(name: string): Promise<void> {
    try {
      this.options.redactor.learn(name, (await this.find(name)).value);
    } catch (error) {
      if (!(error instanceof MissionError) || error.code !== 'not_found') throw error;
    }
  }

  private async find(name: string): Promise<{ value: string; kind: SecretSource['kind'] }> {
    const sources = SECRET_NAME.test(name) ? this.options.sources : [];
    for (const source of sources) {
      const value = await source.read(name);
      if (value === undefined || value === '') continue;
      if (value.length < MIN_SECRET_LENGTH) throw tooShort(name);
      return { value, kind: source.kind };
    }
    throw this.notFound(name);
  }

  private notFound(name: string): MissionError {
    const ways = this.options.sources.map((source) => source.provide(name)).join('; or ');
    const text = SECRET_NAME.test(name)
      ? `There is no secret "${name}". To provide it, ${ways}.`
      : `"${name.slice(0, 80)}" is not a valid name for a secret: use lower-case letters, digits and _, at most 64 characters, starting with a letter.`;
    return new MissionError('not_found', text, { secret: name }, { retryable: false });
  }

  private audit(action: string, name: string, use: SecretUse, more: JsonObject): Promise<void> {
    const { actor, where } = use;
    return this.options.recorder.audit({
      actor,
      action,
      target: `secret:${name}`,
      data: { ...where, ...more },
    });
  }
}

function tooShort(name: string): MissionError {
  const text = `The value of the secret "${name}" is shorter than ${MIN_SECRET_LENGTH} characters: a value that short cannot be removed reliably from logs and results.`;
  return new MissionError('config_invalid', text, { secret: name }, { retryable: false });
}

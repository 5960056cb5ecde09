import type { Secrets } from '../../access/secrets/secrets.js';
import { INTENT_MODEL } from '../../contracts/catalog.js';
import { MissionError } from '../../contracts/errors.js';
import { secretNameOf } from '../../contracts/secret.js';
import { didYouMean } from '../../language/text/nearest.js';
import {
  defaultModel,
  type ModelConfig,
  type ModelTiers,
  silenceMsOf,
} from '../../platform/config/config-models.js';
import type { Redactor } from '../../platform/redaction/redactor.js';
import { askInOrder } from './ask-in-order.js';
import { intentAnswer } from './intent-answer.js';
import { modelFailure } from './answers/model-failure.js';
import type { AskOptions, ModelAnswer, ModelRequest } from '../../contracts/model.js';
import { takeTurn } from './take-turn.js';

/**
 * Headers whose values are redacted; values of other headers may be ordinary
 * words.
 */
const SECRET_HEADER = /auth|key|token|secret|cookie/i;

/** The dependencies of {@link Models}. */
export interface ModelsOptions {
  models: Readonly<Record<string, ModelConfig>>;
  /** Names of models by the tier that they stand for. */
  tiers?: ModelTiers;
  secrets: Pick<Secrets, 'resolve'>;
  redactor: Pick<Redactor, 'learn'>;
}

/**
 * The language models of the operator's file. Each call is one turn; the caller
 * keeps the conversation.
 */
export class Models {
  constructor(private readonly options: ModelsOptions) {}

  /**
   * The name of the requested model, or of the default model where none is
   * named.
   * @throws MissionError `model_error` when there is no such model
   */
  nameOf(wanted: string | undefined): string {
    const configured = Object.keys(this.options.models);
    const names = [...configured, ...Object.keys(this.options.tiers ?? {})];
    const name = wanted ?? defaultModel(configured);
    if (name !== undefined && (names.includes(name) || name === INTENT_MODEL)) return name;
    const hint = name === undefined ? undefined : didYouMean(name, names);
    const what =
      name === undefined
        ? 'The step does not say which model to use'
        : `There is no model "${name}"`;
    const text = `${what}: ${hint ?? `mission.yaml has ${names.join(', ') || 'none under models'}`}.`;
    throw new MissionError('model_error', text, undefined, { retryable: false });
  }

  /**
   * Number of output tokens that a budget in USD pays for, whichever of the
   * model and its fallbacks answers; undefined without a limit.
   */
  affordable(name: string, usd: number | undefined): number | undefined {
    const configs = this.inOrder(name).map((each) => this.options.models[each]);
    const price = Math.max(...configs.map((config) => config?.outputUsdPerMillion ?? 0));
    return usd === undefined || price === 0 ? undefined : Math.floor((usd / price) * 1e6);
  }

  /** The models to ask for a name: the model itself or that of the tier, then its fallbacks. */
  private inOrder(name: string): string[] {
    const model = this.options.tiers?.[name] ?? name;
    return [model, ...(this.options.models[model]?.fallback ?? [])];
  }

  /**
   * Asks a model for one turn, and its fallbacks where it cannot be asked,
   * without a retry.
   * @throws MissionError `timeout`, `too_many_requests`, `unavailable`,
   * `model_error`
   */
  ask(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    return askInOrder(this.inOrder(request.model), options, (model, left) =>
      this.askOne({ ...request, model }, left),
    );
  }

  private async askOne(request: ModelRequest, options: AskOptions): Promise<ModelAnswer> {
    const config = this.options.models[request.model];
    if (!config) return intentAnswer(request, options);
    const { provider, model, baseUrl } = config;
    const times = { timeoutMs: options.timeoutMs, silenceMs: silenceMsOf(config) };
    const asked = { name: request.model, provider, model, baseUrl, ...times };
    const access = await this.accessOf(request.model, config);
    try {
      return await takeTurn(config, access, request, options);
    } catch (thrown) {
      throw modelFailure(thrown, asked);
    }
  }

  /**
   * The API key and the headers that the operator configured, with secrets
   * filled in.
   */
  private async accessOf(name: string, { apiKey, headers = {} }: ModelConfig) {
    const filled = Object.entries(headers).map(async ([header, value]) => {
      const where = `models.${name}.${header.toLowerCase()}`;
      return [header, await this.filled(name, value, SECRET_HEADER.test(header) && where)];
    });
    return {
      apiKey: apiKey && (await this.filled(name, apiKey, `models.${name}`)),
      headers: Object.fromEntries(await Promise.all(filled)) as Record<string, string>,
    };
  }

  /**
   * Resolves a value that may name a secret.
   * @param learnAs name under which a literal value is registered with the
   * redactor; false does not register it
   */
  private async filled(model: string, value: string, learnAs: string | false): Promise<string> {
    const secret = secretNameOf(value);
    if (secret === undefined) {
      if (learnAs) this.options.redactor.learn(learnAs, value);
      return value;
    }
    const use = { actor: 'system:models', permissions: null, where: { model } };
    return this.options.secrets.resolve(secret, use);
  }
}

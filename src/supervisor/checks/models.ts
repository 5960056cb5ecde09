import { defaultModel } from '../../platform/config/config-models.js';
import { ok, warning, type Check } from './check.js';

/**
 * Lists the language models of `mission.yaml`. It does not contact their
 * servers.
 */
export const checkModels: Check = async ({ models }) => {
  const names = Object.keys(models);
  if (names.length === 0) return [];
  const descriptions = names.map((name) => {
    const { provider, model, baseUrl } = models[name]!;
    return `${name} (${provider}, ${model}, ${new URL(baseUrl).host})`;
  });
  const whole = descriptions.join('; ');
  if (defaultModel(names) !== undefined) return [ok('models', whole)];
  const hint = 'Name one of them default, or set "model" in each llm step';
  return [warning('models', `${whole}; none is the default`, hint)];
};

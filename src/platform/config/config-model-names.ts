import type { z } from 'zod';
import { INTENT_MODEL } from '../../contracts/catalog.js';

/** The tiers that a directive can ask for in place of a model. */
export const MODEL_TIERS = [
  'fast',
  'balanced',
  'general',
  'reasoning',
  'expert',
  'orchestrator',
] as const;

interface NamedModels {
  models: Record<string, { fallback?: string[] | undefined }>;
  tiers: Partial<Record<string, string>>;
}

/** Checks that the models that `fallback` and `tiers` name are configured. */
export function checkModelNames({ models, tiers }: NamedModels, context: z.RefinementCtx): void {
  const known = [...Object.keys(models), INTENT_MODEL];
  const fault = (message: string, ...path: (string | number)[]) =>
    context.addIssue({ code: 'custom', path, message });
  const missing = (name: string) =>
    `names the model "${name}", which is not configured; there are ${known.join(', ')}`;
  for (const [name, { fallback = [] }] of Object.entries(models))
    for (const [index, other] of fallback.entries()) {
      const path = ['models', name, 'fallback', index];
      if (other === name) fault('is the model itself', ...path);
      else if (!known.includes(other)) fault(missing(other), ...path);
    }
  for (const [tier, name = ''] of Object.entries(tiers)) {
    if (!known.includes(name)) fault(missing(name), 'tiers', tier);
    if (tier in models) fault('is also the name of a model: remove one of them', 'tiers', tier);
  }
}

import type { DirectiveStep } from '../../contracts/plan.js';
import type { SpawnRequest } from '../../contracts/run/child.js';
import { stepPositions } from '../../language/plan/steps/step-positions.js';
import type { Blobs } from '../../runs/values/blobs.js';
import type { Plans } from '../../runs/values/plans.js';
import { refuseForeign } from './fill-secrets.js';

/** Refuses inputs of a child run that hold a reference to a secret from data, see `refuseForeign`. */
export async function refuseForeignSecretsInInputs(
  { plans, blobs }: { plans: Pick<Plans, 'get'>; blobs: Pick<Blobs, 'resolve'> },
  request: SpawnRequest,
): Promise<void> {
  const plan = await plans.get(request.plan_hash);
  const { steps, index } = stepPositions(plan).get(request.path)!;
  const { inputs } = steps[index] as DirectiveStep;
  const given = await blobs.resolve(request.inputs);
  await refuseForeign(inputs, given, { run: request.run, declared: plan.inputs });
}

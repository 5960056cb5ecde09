import type { ApiClient } from '../../client/api-client.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { fetchRun, fetchSteps } from '../../client/follow.js';
import { placeOf, renderRun } from '../../render/run.js';
import { renderShadow } from '../../render/shadow.js';
import type { ShadowView, StepView } from '../../client/views.js';
import { type Waits, waitsOf } from '../waits.js';
import { showStep } from './executions-show-step.js';

/** `mission executions show ID`, or one step of it with `--step`. */
export const showExecution: Handler = async (session, [id], { step, iteration }) => {
  const api = await session.api();
  if (typeof step === 'string') {
    return showStep(session, api, id!, { name: step, iteration: textOr(iteration) });
  }
  if (iteration !== undefined) {
    throw new CliError(EXIT.usage, 'input_invalid', '--iteration needs a step: add --step NAME');
  }
  const [run, steps] = await Promise.all([fetchRun(api, id!), fetchSteps(api, id!)]);
  const shadow = run.shadowOf === null ? null : await fetchShadow(api, id!);
  const waits = await waitsOf(api, run, steps);
  const shadowText = shadow && `\n\n${renderShadow(shadow)}`;
  session.result(
    { ...run, steps: steps.map((step) => withWait(step, waits)), ...(shadow && { shadow }) },
    () => renderRun(session, run, steps, waits) + (shadowText ?? ''),
  );
  return EXIT.done;
};

const withWait = (step: StepView, waits: Waits) => {
  const wait = waits.get(placeOf(step));
  return wait === undefined ? step : { ...step, waits_for: wait };
};

const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

async function fetchShadow(api: ApiClient, id: string): Promise<ShadowView | null> {
  const { execution } = await api.graphql<{ execution: { shadow: ShadowView | null } }>(
    DOCUMENTS.differences,
    { id },
  );
  return execution.shadow;
}

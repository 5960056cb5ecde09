import type { ApiClient } from '../api-client.js';
import { EXIT } from '../cli-error.js';
import type { Handler } from '../command-spec.js';
import { DOCUMENTS } from '../documents.js';
import { fetchRun, fetchSteps } from '../follow.js';
import { renderRun } from '../render/run.js';
import { renderShadow } from '../render/shadow.js';
import type { ShadowView } from '../views.js';

/** `mission executions show ID`. */
export const showExecution: Handler = async (session, [id]) => {
  const api = await session.api();
  const [run, steps] = await Promise.all([fetchRun(api, id!), fetchSteps(api, id!)]);
  const shadow = run.shadowOf === null ? null : await fetchShadow(api, id!);
  const told = shadow && `\n\n${renderShadow(shadow)}`;
  session.result(
    { ...run, steps, ...(shadow && { shadow }) },
    () => renderRun(session, run, steps) + (told ?? ''),
  );
  return EXIT.done;
};

async function fetchShadow(api: ApiClient, id: string): Promise<ShadowView | null> {
  const { execution } = await api.graphql<{ execution: { shadow: ShadowView | null } }>(
    DOCUMENTS.differences,
    { id },
  );
  return execution.shadow;
}

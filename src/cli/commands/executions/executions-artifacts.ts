import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ApiClient } from '../../client/api-client.js';
import { EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { DOCUMENTS } from '../../client/documents.js';
import { bytes } from '../../render/bytes.js';
import { table } from '../../render/table.js';
import { CliError } from '../../terminal/cli-error.js';

interface ArtifactView {
  path: string;
  bytes: number;
  sha256: string;
  step: string;
  createdAt: string;
  url: string;
}

/**
 * `mission executions artifacts ID [PATH]`: the list of files, or one file to
 * stdout or to `--out FILE`.
 */
export const showArtifacts: Handler = async (session, [id, path], options) => {
  const api = await session.api();
  const files = await listOf(api, id!);
  if (path === undefined) {
    if (session.json) files.forEach((file) => session.result(file, String));
    else if (files.length > 0) session.result(files, () => listed(files));
    else session.note('the run has no artifacts');
    return EXIT.done;
  }
  const file = files.find((each) => each.path === path);
  if (!file) throw new CliError(EXIT.usage, 'not_found', `the run ${id} has no artifact ${path}`);
  const out = options['out'];
  const target = typeof out === 'string' ? createWriteStream(out) : session.io.out;
  await pipeline(Readable.fromWeb(await api.download(file.url)), target, {
    end: typeof out === 'string',
  });
  if (typeof out === 'string') session.note(`${out}: ${bytes(file.bytes)}`);
  return EXIT.done;
};

async function listOf(api: ApiClient, id: string): Promise<ArtifactView[]> {
  const data = await api.graphql<{ execution: { artifacts: ArtifactView[] } | null }>(
    DOCUMENTS.artifacts,
    { id },
  );
  if (data.execution) return data.execution.artifacts;
  throw new CliError(
    EXIT.usage,
    'not_found',
    `there is no run ${id}`,
    'see mission executions list',
  );
}

const listed = (files: readonly ArtifactView[]) =>
  table(
    ['PATH', 'SIZE', 'STEP'],
    files.map((file) => [file.path, bytes(file.bytes), file.step]),
  );

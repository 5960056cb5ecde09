import { StringDecoder } from 'node:string_decoder';
import type { Artifact } from '../../contracts/artifact.js';
import { MissionError } from '../../contracts/errors.js';
import type { Redactor } from '../../platform/redaction/redactor.js';
import type { Contents } from '../../tools/scripts/files/artifact-folder.js';

type Finder = Pick<Redactor, 'secretIn'>;

/** Characters of a piece that are searched again with the next one, to find secrets across the boundary of two pieces. */
const OVERLAP = 64;

/** Wraps contents so that `put` refuses a file with a secret. The file is not redacted, because that would corrupt it. */
export const withoutSecrets = (contents: Contents, redactor: Finder): Contents => ({
  read: (hash) => contents.read(hash),
  put: (hash, bytes, read) => contents.put(hash, bytes, () => watched(read(), redactor)),
});

async function* watched(pieces: AsyncIterable<Buffer>, redactor: Finder): AsyncGenerator<Buffer> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + decoder.write(piece);
    refuse(redactor.secretIn(text), 'A file');
    rest = text.slice(-OVERLAP);
    yield piece;
  }
}

/** @throws MissionError `output_invalid` for a path with a secret in it */
export function refuseSecretPaths(files: readonly Artifact[], redactor: Finder): void {
  for (const { path } of files) refuse(redactor.secretIn(path), 'The name of a file');
}

function refuse(secret: string | undefined, what: string): void {
  if (secret === undefined) return;
  const text = `${what} among the artifacts of the step contains the secret ${secret}. Artifacts are stored and can be downloaded: write the file without the secret, or outside of the artifacts directory.`;
  throw new MissionError('output_invalid', text, undefined, { retryable: false });
}

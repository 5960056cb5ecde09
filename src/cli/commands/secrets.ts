import { readFileSync } from 'node:fs';
import { CliError, EXIT } from '../terminal/cli-error.js';
import type { Handler } from '../client/command-spec.js';
import { DOCUMENTS } from '../client/documents.js';
import type { Io } from '../terminal/io.js';
import { readHidden } from '../terminal/read-hidden.js';
import { when } from '../render/run.js';
import { table } from '../render/table.js';
import type { SecretView } from '../client/views.js';

const HEAD = ['NAME', 'SOURCE', 'UPDATED', 'BY', 'USED', 'KEY'];
const MAX_BYTES = 64 * 1024;

/**
 * `mission secrets list`: everything except the values. With `--json` one line
 * per secret.
 */
export const listSecrets: Handler = async (session) => {
  const { secrets } = await (
    await session.api()
  ).graphql<{ secrets: SecretView[] }>(DOCUMENTS.secrets);
  if (session.json) secrets.forEach((secret) => session.result(secret, String));
  else if (secrets.length === 0) session.note('no secrets; store one with mission secrets set');
  else session.result(secrets, () => table(HEAD, secrets.map(row), session.columns));
  return EXIT.done;
};

const row = ({ name, source, updatedAt, updatedBy, usedAt, keyId }: SecretView): string[] => [
  name,
  source.toLowerCase(),
  updatedAt ? when(updatedAt) : '-',
  updatedBy ?? '-',
  usedAt ? when(usedAt) : 'never',
  keyId ?? '-',
];

/**
 * `mission secrets set NAME`: the value is read from stdin or a file, because
 * the list of processes shows arguments.
 */
export const setSecret: Handler = async (session, [name], { fromFile }) => {
  const value =
    typeof fromFile === 'string' ? readSecretFile(fromFile) : await readValue(session.io);
  const api = await session.api();
  const variables = { name: name!, value };
  const { setSecret: secret } = await api.graphql<{ setSecret: SecretView }>(
    DOCUMENTS.setSecret,
    variables,
  );
  session.result(
    secret,
    () => `stored ${secret.name}: directives refer to it as secret://${secret.name}`,
  );
  return EXIT.done;
};

/** `mission secrets delete NAME`. */
export const deleteSecret: Handler = async (session, [name]) => {
  const api = await session.api();
  await api.graphql(DOCUMENTS.deleteSecret, { name: name! });
  session.result({ deleted: name! }, () => `deleted ${name}`);
  return EXIT.done;
};

/** `mission secrets rotate`. */
export const rotateSecrets: Handler = async (session) => {
  const api = await session.api();
  const { rotateSecrets: done } = await api.graphql<{
    rotateSecrets: { keyId: string; count: number };
  }>(DOCUMENTS.rotateSecrets);
  session.result(done, () => `re-encrypted with key ${done.keyId}: ${done.count}`);
  return EXIT.done;
};

function readSecretFile(file: string): string {
  try {
    return withoutNewline(readFileSync(file, 'utf8'));
  } catch (error) {
    throw usage(`--from-file cannot read ${file}: ${(error as Error).message}`);
  }
}

async function readValue(io: Io): Promise<string> {
  const typed = (io.in as { isTTY?: boolean }).isTTY;
  const value = typed ? await readHidden(io, 'Value (not shown): ') : await readStdin(io);
  if (value !== '') return value;
  throw usage('no value was given', 'printf %s "$VALUE" | mission secrets set NAME');
}

async function readStdin(io: Io): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of io.in) {
    chunks.push(Buffer.from(chunk));
    bytes += chunks.at(-1)!.length;
    if (bytes > MAX_BYTES + 2) throw usage(`the value is larger than ${MAX_BYTES / 1024} KiB`);
  }
  return withoutNewline(Buffer.concat(chunks).toString('utf8'));
}

/** `echo` and editors end a text with a newline. */
const withoutNewline = (text: string) => text.replace(/\r?\n$/, '');

const usage = (message: string, hint?: string) =>
  new CliError(EXIT.usage, 'input_invalid', message, hint);

import type { JsonObject } from '../../../contracts/json/json.js';
import type { Handler } from '../../client/command-spec.js';
import { ACCESS_DOCUMENTS } from '../../client/access-documents.js';
import { when } from '../../render/run.js';
import { table } from '../../render/table.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';

interface KeyView {
  id: string;
  name: string;
  user: string;
  rights: string[] | null;
  readOnly: boolean;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}

const HEAD = ['ID', 'USER', 'NAME', 'MAY', 'CREATED', 'EXPIRES', 'STATE'];
const UNITS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `mission keys create USER`: the key is the only line on stdout. */
export const createKey: Handler = async (session, [user], raw) => {
  const { name, right, expires, readOnly } = raw as Record<string, string | string[] | boolean>;
  const variables = {
    user: user!,
    name: name ?? null,
    rights: right ?? null,
    expiresAt: expires === undefined ? null : timeOf(String(expires)),
    readOnly: readOnly === true,
  } as JsonObject;
  const api = await session.api();
  const { createApiKey: created } = await api.graphql<{
    createApiKey: { key: string; apiKey: KeyView };
  }>(ACCESS_DOCUMENTS.createKey, variables);
  session.note(`A key of ${created.apiKey.user}; it is shown only now (id ${created.apiKey.id}):`);
  session.result({ key: created.key, ...created.apiKey }, () => created.key);
  return EXIT.done;
};

/** `mission keys list`. With `--json` one line per key. */
export const listKeys: Handler = async (session) => {
  const api = await session.api();
  const { apiKeys } = await api.graphql<{ apiKeys: KeyView[] }>(ACCESS_DOCUMENTS.keys);
  if (session.json) apiKeys.forEach((key) => session.result(key, String));
  else session.result(apiKeys, () => table(HEAD, apiKeys.map(row), session.columns));
  return EXIT.done;
};

/** `mission keys revoke ID`. */
export const revokeKey: Handler = async (session, [id]) => {
  const api = await session.api();
  const { revokeApiKey: key } = await api.graphql<{ revokeApiKey: KeyView }>(
    ACCESS_DOCUMENTS.revokeKey,
    { id: id! },
  );
  session.result(key, () => `revoked the key ${key.name} of ${key.user}`);
  return EXIT.done;
};

const row = (key: KeyView): string[] => [
  key.id,
  key.user,
  key.name,
  `${key.readOnly ? 'read only, ' : ''}${key.rights?.join(' ') ?? 'all of the user'}`,
  when(key.createdAt),
  key.expiresAt ? when(key.expiresAt) : 'never',
  key.revokedAt ? 'revoked' : 'valid',
];

/** A time, or a time from now: `12h`, `30d`, `4w`. */
function timeOf(text: string): string {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  if (unit) return new Date(Date.now() + Number(count) * UNITS[unit]!).toISOString();
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  const message = `--expires must be a time such as 2027-01-31, or 12h, 30d, 4w, not ${text}`;
  throw new CliError(EXIT.usage, 'input_invalid', message);
}

import type { JsonObject } from '../../contracts/json/json.js';
import { CliError, EXIT, type ExitCode } from '../terminal/cli-error.js';

/** The address of the API and its key. */
export interface Connection {
  /** Origin, for example `http://127.0.0.1:4000`. */
  url: string;
  /** The API key; absent where none was found. */
  key?: string;
}

interface GraphqlError {
  message: string;
  extensions?: { code?: string };
}

interface Answer {
  data?: unknown;
  errors?: GraphqlError[];
  error?: { code: string; message: string };
}

const DOWNLOAD_MS = 600_000;
const USAGE_CODES = new Set(['not_found', 'input_invalid', 'unauthenticated', 'conflict']);

/**
 * A client of the API of a running Mission Control.
 * @throws CliError with its exit code, for every failure
 */
export class ApiClient {
  constructor(
    readonly connection: Connection,
    private readonly timeoutMs = 30_000,
  ) {}

  /** Runs one GraphQL operation and returns its data. */
  async graphql<Data>(query: string, variables: JsonObject = {}): Promise<Data> {
    const response = await this.post('/graphql', { query, variables });
    const answer = await readAnswer(response);
    const [error] = answer.errors ?? (answer.error ? [fromHttp(answer.error)] : []);
    if (error) throw toCliError(error.extensions?.code ?? 'internal', error.message);
    if (!response.ok || answer.data === undefined) throw foreign(response, 'an unexpected body');
    return answer.data as Data;
  }

  /** Downloads the content at a path of the API, as a stream. */
  async download(path: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.ask(path, {}, DOWNLOAD_MS);
    if (response.ok && response.body) return response.body;
    const { error } = await readAnswer(response);
    throw toCliError(error?.code ?? 'internal', error?.message ?? `${response.status}`);
  }

  private post(path: string, body: JsonObject): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return this.ask(path, request, this.timeoutMs);
  }

  private async ask(path: string, request: RequestInit, ms: number): Promise<Response> {
    const { url, key } = this.connection;
    const headers = { ...request.headers, ...(key && { authorization: `Bearer ${key}` }) };
    try {
      return await fetch(url + path, { ...request, headers, signal: AbortSignal.timeout(ms) });
    } catch (error) {
      throw unreachable(url, error as Error);
    }
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  try {
    return ownAnswer((await response.json()) as Answer | null);
  } catch {
    throw foreign(response, 'no JSON');
  }
}

/**
 * Keeps only fields in the shape of Mission Control's answers: another program
 * may answer with `error` or `errors` as well.
 */
function ownAnswer(answer: Answer | null): Answer {
  const { data, errors, error } = answer ?? {};
  return {
    ...(data !== undefined && { data }),
    ...(Array.isArray(errors) && errors.every(hasMessage) && { errors }),
    ...(hasMessage(error) && typeof error.code === 'string' && { error }),
  };
}

const hasMessage = (value: unknown): value is { message: string } =>
  typeof (value as { message?: unknown } | null | undefined)?.message === 'string';

function foreign({ url, status }: Response, what: string): CliError {
  const message = `${url} answered HTTP ${status} with ${what}: another program may be running there`;
  const hint = 'set PORT, MISSION_URL or --url to the address of Mission Control';
  return new CliError(EXIT.unreachable, 'unavailable', message, hint);
}

const fromHttp = ({ code, message }: { code: string; message: string }): GraphqlError => ({
  message,
  extensions: { code },
});

function unreachable(url: string, error: Error): CliError {
  const slow = error.name === 'TimeoutError';
  const message = slow ? `${url} did not answer in time` : `nothing listens at ${url}`;
  const hint = slow ? 'see mission doctor' : 'start it with mission up';
  return new CliError(EXIT.unreachable, 'unavailable', message, hint);
}

function toCliError(code: string, message: string): CliError {
  if (code !== 'unauthenticated') return new CliError(exitOf(code), code, message);
  const hint = 'set MISSION_API_KEY, or MISSION_HOME to the directory that holds operator.key';
  return new CliError(EXIT.usage, code, message, hint);
}

function exitOf(code: string): ExitCode {
  if (code === 'unavailable') return EXIT.unreachable;
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}

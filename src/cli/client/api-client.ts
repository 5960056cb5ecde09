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

  /** Sends one request to a REST path, and returns the JSON of its answer. */
  async rest<Data>(method: string, path: string, body?: JsonObject): Promise<Data> {
    const response = await this.ask(path, requestOf(method, body), this.timeoutMs);
    if (!response.ok) throw await refusal(response);
    return (await response.json()) as Data;
  }

  /** Opens a stream of server-sent events; it lasts until `signal`, or until the API ends it. */
  async events(
    method: string,
    path: string,
    {
      body,
      headers,
      signal,
    }: { body?: JsonObject; headers?: Record<string, string>; signal: AbortSignal },
  ): Promise<ReadableStream<Uint8Array>> {
    const request = requestOf(method, body);
    const all = { ...request, headers: { ...request.headers, ...headers } };
    const response = await this.ask(path, all, undefined, signal);
    if (!response.ok || !response.body) throw await refusal(response);
    return response.body;
  }

  /** Downloads the content at a path of the API, as a stream. */
  async download(path: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.ask(path, {}, DOWNLOAD_MS);
    if (response.ok && response.body) return response.body;
    throw await refusal(response);
  }

  private post(path: string, body: JsonObject): Promise<Response> {
    return this.ask(path, requestOf('POST', body), this.timeoutMs);
  }

  private async ask(
    path: string,
    request: RequestInit,
    ms: number | undefined,
    until?: AbortSignal,
  ): Promise<Response> {
    const { url, key } = this.connection;
    const headers = { ...request.headers, ...(key && { authorization: `Bearer ${key}` }) };
    try {
      const signal = ms === undefined ? until! : AbortSignal.timeout(ms);
      return await fetch(url + path, { ...request, headers, signal });
    } catch (error) {
      until?.throwIfAborted();
      throw unreachable(url, error as Error);
    }
  }
}

const requestOf = (method: string, body?: JsonObject) => ({
  method,
  headers: { 'content-type': 'application/json' },
  ...(body !== undefined && { body: JSON.stringify(body) }),
});

async function refusal(response: Response): Promise<CliError> {
  const { error } = await readAnswer(response);
  return toCliError(error?.code ?? 'internal', error?.message ?? `${response.status}`);
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

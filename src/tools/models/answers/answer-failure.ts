import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';

/**
 * A failure that a provider reports with HTTP status 200. It has the fields of
 * the SDK's errors.
 */
export class AnswerFailure extends Error {
  constructor(
    message: string,
    /** The status that the response should have had. */
    readonly statusCode: number,
    readonly responseBody: string,
    readonly responseHeaders: Record<string, string>,
  ) {
    super(message);
  }
}

/** Default status: an upstream server of the provider failed. */
const BAD_GATEWAY = 502;
const BY_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  api_error: 500,
  server_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** The error in a response body, at its top or in one of its choices. */
export function errorIn(body: JsonObject): Json | undefined {
  const choices = Array.isArray(body.choices) ? body.choices : [];
  const errors = [body.error, ...choices.map((each) => (isObject(each) ? each.error : undefined))];
  return errors.find((error) => Boolean(error) && !isEmpty(error!));
}

const isEmpty = (error: Json): boolean =>
  typeof error === 'object' && error !== null && Object.keys(error).length === 0;

/** The HTTP status that corresponds to an error in a body. */
export function statusOf(error: Json | undefined): number {
  if (!isObject(error)) return BAD_GATEWAY;
  const { code, status, type } = error;
  const named = [code, status].map(Number).find((each) => each >= 400 && each <= 599);
  return named ?? BY_TYPE[String(code)] ?? BY_TYPE[String(type)] ?? BAD_GATEWAY;
}

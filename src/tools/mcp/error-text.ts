const MAX_TEXT = 4_000;

/** The error's message and those of its causes (`fetch failed` alone says nothing), without the protocol's numbers. */
export function errorText(error: unknown): string {
  const { message = String(error), cause } = (error ?? {}) as Partial<Error>;
  const own = message.replace(/^MCP error -?\d+: /, '').slice(0, MAX_TEXT);
  const deeper = cause === undefined ? '' : errorText(cause);
  return own.includes(deeper) ? own : `${own}: ${deeper}`;
}

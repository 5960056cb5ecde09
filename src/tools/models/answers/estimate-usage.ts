/** Approximate bytes per token of English text. */
const BYTES = 4;

/**
 * Estimates the number of tokens of a text, where the provider does not report
 * it.
 */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES);

/** Bytes of text that are about one token: four letters of English. */
const BYTES = 4;

/** About how many tokens a text is, where nobody counts them. */
export const estimateTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES);

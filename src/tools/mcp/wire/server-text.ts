import type { Json } from '../../../contracts/json.js';

/**
 * Parses JSON that a server wrote. Every text that comes from a server, a line of its output or the body of an HTTP
 * response, passes here once and nowhere else.
 * @throws SyntaxError
 */
export const parseServerText = (text: string): Json => JSON.parse(text) as Json;

import { parseJsonKeepingDigits } from '../../../contracts/exact-json.js';

/**
 * Parses JSON that a server wrote. Every text from a server, a line of its
 * output or the body of an HTTP response, is parsed here once and nowhere else.
 * A call has already taken effect, so that a number which a double cannot hold
 * is not refused: it becomes the text of its digits.
 * @throws SyntaxError
 */
export const parseServerText = parseJsonKeepingDigits;

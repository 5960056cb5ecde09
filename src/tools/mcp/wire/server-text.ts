import { parseJsonKeepingDigits } from '../../../contracts/exact-json.js';

/**
 * Parses JSON that a server wrote. Every text that comes from a server, a line of its output or the body of an HTTP
 * response, passes here once and nowhere else. The effect of a call has happened, so a number that a double does not
 * hold is not refused: it becomes the text of its digits.
 * @throws SyntaxError
 */
export const parseServerText = parseJsonKeepingDigits;

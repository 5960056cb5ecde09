export { DIRECTIVE_NAME as NAME } from '../../contracts/catalog.js';

/** Hint for a name that does not match. */
export const NAME_HINT =
  'use lower-case letters, digits and _, at most 64 characters, starting with a letter';

/** Pattern of input names. */
export const INPUT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Pattern of error codes. */
export const ERROR_CODE = /^[a-z][a-z0-9_]*$/;

export const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-.]+)?(\+[0-9A-Za-z-.]+)?$/;

import type { ExpressionFunction } from './function.js';
import { CODE_FUNCTIONS } from './functions-code.js';
import { DATE_FUNCTIONS } from './functions-date.js';
import { LIST_FUNCTIONS } from './functions-list.js';
import { MAP_FUNCTIONS } from './functions-map.js';
import { NUMBER_FUNCTIONS } from './functions-number.js';
import { TEXT_FUNCTIONS } from './functions-text.js';

/** Every function that an expression can call, by name. */
export const FUNCTIONS: Readonly<Record<string, ExpressionFunction>> = {
  ...TEXT_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...MAP_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...CODE_FUNCTIONS,
};

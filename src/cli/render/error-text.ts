import type { ErrorView } from '../client/views.js';

/** Formats `code at step: message`. */
export const errorText = ({ code, step, message }: ErrorView) =>
  `${code}${step ? ` at ${step}` : ''}: ${message}`;

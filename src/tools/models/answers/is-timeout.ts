import { causesOf } from './causes-of.js';

const SILENT = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

/** Whether nothing arrived for longer than the connection allows. */
export const isSilence = (thrown: unknown): boolean =>
  [...causesOf(thrown)].some(({ code }) => SILENT.includes(code ?? ''));

/** Whether an answer did not come in time. */
export const isTimeout = (thrown: unknown): boolean =>
  isSilence(thrown) || [...causesOf(thrown)].some(({ name }) => name === 'TimeoutError');

import { z } from 'zod';
import { substitute } from './config-substitution.js';

const SECRET = /^secret:\/\/[a-z][a-z0-9_]{0,63}$/;

/**
 * A string in which `${NAME}` is replaced by a variable of the environment.
 * After a failed replacement no further rule is applied.
 */
const substituted = (env: NodeJS.ProcessEnv) =>
  z.string().transform((text, context) => {
    let whole = true;
    const filled = substitute(text, env, (message) => {
      whole = false;
      context.addIssue(message);
    });
    return whole ? filled : z.NEVER;
  });

/** A key; variables are not replaced in keys. */
export const plainKey = z
  .string()
  .refine((key) => !key.includes('${'), '${NAME} is replaced in values only, not in names');

const noSecret = (text: string) => !text.includes('secret://');
const wholeSecret = (text: string) => noSecret(text) || SECRET.test(text);

/**
 * Values that may be secrets: `${NAME}`, or `secret://name` as the whole value.
 */
export const secretText = (env: NodeJS.ProcessEnv) =>
  substituted(env).refine(wholeSecret, 'write secret://name as the whole value');

export const plainText = (env: NodeJS.ProcessEnv) =>
  substituted(env).refine(noSecret, 'secret:// is allowed in env, headers and api_key only');

export const httpUrl = (env: NodeJS.ProcessEnv) =>
  plainText(env).refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), {
    error: 'is not an http(s) URL',
  });

export const count = z.int('must be a whole number').positive('must be positive');
export const amount = z.number('must be a number').positive('must be positive');
export const price = z.number('must be a number').nonnegative('must not be negative').default(0);

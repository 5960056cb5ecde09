/**
 * Lets a program of a test import the source, so that no build is needed: `node ...FLAGS program.mjs`, and in it
 * this file before all others.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    next(
      /^\.\.?\//.test(specifier) && !context.parentURL.includes('/node_modules/')
        ? specifier.replace(/\.js$/, '.ts')
        : specifier,
      context,
    ),
});

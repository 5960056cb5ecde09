/**
 * Lets a test's program import the source without a build: run `node ...FLAGS
 * program.mjs`, and import this file first.
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

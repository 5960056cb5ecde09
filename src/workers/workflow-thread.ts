import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/**
 * Must be loaded before a worker (`--import`), so that its workflow threads load it, too. In these threads the
 * SDK formats a stack trace of every promise for the query `__stack_trace`. The interpreter creates many
 * promises, so this costs a third of the worker's time for an own step. The traces are of no use: the rows of
 * steps show where a run waits.
 */
if (!isMainThread) v8.promiseHooks.createHook = () => () => {};

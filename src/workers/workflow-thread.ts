import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/**
 * To be loaded before a worker (`--import`), and with it into its workflow threads. There the SDK formats
 * a stack trace of every promise, so that the query `__stack_trace` can tell where a workflow waits. Of
 * the interpreter's many promises that is a third of the worker's time for an own step, and it tells
 * nothing: where a run waits, its steps tell.
 */
if (!isMainThread) v8.promiseHooks.createHook = () => () => {};

/**
 * Describes an error that a script threw: its message with causes, and where it
 * happened.
 */
import { readFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { compiledSource, lastLoaded } from './node-loader.mjs';
import { plain } from './node-result.mjs';

const MOST_CAUSES = 8;
const MOST_FRAMES = 20;
const RUNNERS = import.meta.dirname + sep;
const project = process.cwd();
const scripts = dirname(process.argv[2]);
/**
 * @param destinations the targets of failed connections, by their errors
 * @returns the frame `error`: `message` with causes, `type`, the script's own
 * `code`, `retryable` and `data`; `at` (`file:line`), `trace` (frames in the
 * project's files, innermost first) and `faults` (what the system refused)
 */
export function describe(thrown, destinations) {
  const error = Object(thrown);
  const chain = chainOf(error);
  const trace = chain.flatMap(traceOf).slice(0, MOST_FRAMES);
  const { code, retryable } = error;
  return {
    message: wordsOf(chain, thrown),
    ...(typeof error.name === 'string' && { type: error.name }),
    ...(typeof code === 'string' && { code }),
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(error.data !== undefined && { data: plain(error.data) }),
    ...placeOf(chain[0], trace),
    faults: chain.map((each) => faultOf(each, destinations.get(each))).filter(Boolean),
  };
}

/** The error, its causes, and the errors that an aggregate error holds. */
function chainOf(error, seen = new Set()) {
  if (Object(error) !== error || seen.has(error) || seen.size >= MOST_CAUSES) return [...seen];
  seen.add(error);
  chainOf(error.cause, seen);
  if (Array.isArray(error.errors)) for (const each of error.errors) chainOf(each, seen);
  return [...seen];
}

/**
 * The message of the error and those of its causes; text that is already
 * contained is not repeated.
 */
function wordsOf(chain, thrown) {
  const own = chain.length > 0 && chain[0] === thrown;
  if (!own) return String(thrown) || 'the script failed without a message';
  let words = '';
  for (const { message, code, name } of chain) {
    const more = String(message || (words === '' ? name : code) || '').trim();
    if (more !== '' && !words.includes(more))
      words = words === '' ? more : `${words.replace(/\.$/, '')}: ${more}`;
  }
  return (words || 'the script failed without a message') + hintFor(words, chain[0]);
}

function hintFor(words, error) {
  if (/\bbad port\b/.test(words))
    return ' (the port was refused by fetch itself, as the Fetch standard wants it: use node:http)';
  if (decoratorOf(error) !== undefined)
    return ' (decorators are not taken: call the function instead)';
  return '';
}

/**
 * The line of the first decorator in TypeScript that does not compile: Node
 * does not support decorators, and its error does not name them.
 */
function decoratorOf(error) {
  const file = lastLoaded();
  if (!(error instanceof SyntaxError) || !/\.[cm]?ts$/.test(file ?? '')) return undefined;
  if (!/Invalid or unexpected token/.test(error.message)) return undefined;
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((text) => /^\s*@[A-Za-z]/.test(text));
  return line < 0 ? undefined : { file, line: line + 1 };
}

/**
 * Where the error happened: the innermost frame in the project, or the line
 * that does not compile.
 */
function placeOf(error, trace) {
  const first = trace.find((frame) => !frame.startsWith('caused by '));
  const place = error?.place ?? (error instanceof SyntaxError ? syntaxPlace(error) : undefined);
  const at = place
    ? `${shown(place.file)}:${place.line}`
    : /([^ (]+:\d+)\)?$/.exec(first ?? '')?.[1];
  return { ...(at && { at }), ...(trace.length > 0 && { trace }) };
}

/**
 * Syntax errors have their position above the stack; in modules it is missing.
 */
function syntaxPlace(error) {
  const { stack } = error;
  const decorator = decoratorOf(error);
  if (decorator) return decorator;
  const [, path, line] = /^(?:file:\/\/)?(\/[^\n]*)?:(\d+)\n/.exec(stack) ?? [];
  if (line) return { file: path ?? lastLoaded(), line };
  if (!/^\s+at compileSourceTextModule /m.test(stack) || !lastLoaded()) return undefined;
  const flags = ['--check', '--input-type=module', '-'];
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { stderr } = spawnSync(process.execPath, flags, {
    input: compiledSource(lastLoaded()),
    encoding: 'utf8',
  });
  const found = /^\[stdin\]:(\d+)$/m.exec(stderr)?.[1];
  return found && { file: lastLoaded(), line: found };
}

function traceOf(error, index) {
  const frames = String(error.stack ?? '')
    .split('\n')
    .map(ownFrame)
    .filter(Boolean);
  if (index === 0 || frames.length === 0) return frames;
  return [`caused by ${error.name}: ${String(error.message).split('\n')[0]}`, ...frames];
}

/**
 * Formats a frame as `name (file:line)`; undefined for a file outside the
 * project.
 */
function ownFrame(line) {
  const [, name, place, at] =
    /^\s+at (?:(?:async )?(.+?) \()?(?:async )?((?:file:\/\/)?\/.+?):(\d+):\d+\)?$/.exec(line) ??
    [];
  if (place === undefined) return undefined;
  const file = place.startsWith('file:') ? fileURLToPath(place) : place;
  if (
    !file.startsWith(project + sep) ||
    file.includes('/node_modules/') ||
    file.startsWith(RUNNERS)
  )
    return undefined;
  const where = `${shown(file)}:${at}`;
  return name ? `${name.replace(/^Module\./, '')} (${where})` : where;
}

/**
 * A path relative to the script's directory, or to the project for files
 * elsewhere.
 */
function shown(file) {
  const beside = relative(scripts, file);
  return beside.startsWith('..') ? relative(project, file) : beside;
}

/** The operating system's error code with the path or host that it concerns. */
function faultOf({ code, path, syscall, hostname, address, port }, destination) {
  if (typeof code !== 'string') return undefined;
  if (!destination) return { code, path, syscall, host: hostname ?? address, port };
  const usual = destination.protocol === 'https:' ? 443 : 80;
  return { code, syscall, host: destination.hostname, port: Number(destination.port) || usual };
}

/**
 * Loads scripts and their modules: `mission-sdk`, TypeScript that Node cannot
 * strip (enum, parameter property, namespace), and imports as TypeScript
 * projects write them (`./x.js` for x.ts, no ending).
 */
// `import` statements of Node's own modules cost a millisecond each, and every
// process starts with this file.
const { readFileSync, statSync } = process.getBuiltinModule('node:fs');
const { registerHooks, stripTypeScriptTypes } = process.getBuiltinModule('node:module');
const { fileURLToPath } = process.getBuiltinModule('node:url');

const SDK = 'mission-sdk:';
const TOOLS = ['log', 'progress', 'heartbeat', 'secret'];
/**
 * Source of `import { log } from 'mission-sdk'`, for modules that do not
 * receive the context.
 */
const SDK_SOURCE = `const call = () => globalThis[Symbol.for('mission-sdk')]();
export const inputs = () => call().inputs;
export const context = () => call().context;
${TOOLS.map((name) => `export const ${name} = (...args) => call().context.${name}(...args);`).join('\n')}`;

const TYPESCRIPT = /\.[cm]?ts$/;
const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT'];
const ENDINGS = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '/index.ts', '/index.js'];
const HERE = new URL('.', import.meta.url).href;
/**
 * Whether a file belongs to the project, outside node_modules and the runner.
 */
const isOwn = (url) =>
  url.startsWith('file:') && !url.includes('/node_modules/') && !url.startsWith(HERE);

/**
 * The project's files loaded so far, in order. After a syntax error the last
 * one is the file that does not compile.
 */
export const loaded = new Set();
/** The compiled source of each file that is not compiled by Node itself. */
const compiled = new Map();

export const lastLoaded = () => [...loaded].at(-1);

/** The JavaScript source of a loaded file. */
export const compiledSource = (file) => compiled.get(file) ?? readFileSync(file, 'utf8');

export function registerLoader() {
  registerHooks({ resolve, load });
}

function resolve(specifier, context, next) {
  if (specifier === 'mission-sdk') return { url: SDK, format: 'module', shortCircuit: true };
  try {
    return next(specifier, context);
  } catch (error) {
    const parent = context.parentURL ?? '';
    if (!NOT_FOUND.includes(error.code) || !isOwn(parent)) throw error;
    const found = isPath(specifier) ? sourceOf(new URL(specifier, parent)) : undefined;
    const isRequired = context.conditions.includes('require');
    if (found) return next(isRequired ? fileURLToPath(found) : found.href, context);
    throw notFound(specifier, fileURLToPath(parent), error);
  }
}

const isPath = (specifier) => /^(\.{0,2}\/|file:)/.test(specifier);

/**
 * The file that TypeScript would find for an import: `./x.js` is x.ts; `./x` is
 * x.ts, x.js or x/index.ts.
 */
function sourceOf(url) {
  const typed = url.href.replace(/\.([cm]?)js$/, '.$1ts');
  const tried = typed === url.href ? [] : [typed];
  const all = [...tried, ...ENDINGS.map((ending) => url.href.replace(/\/$/, '') + ending)];
  return all.map((href) => new URL(href)).find(isFile);
}

const isFile = (url) => statSync(url, { throwIfNoEntry: false })?.isFile() ?? false;

/**
 * The error for a missing module: it says what to do and where the import is.
 */
function notFound(specifier, file, cause) {
  const hint = isPath(specifier)
    ? 'there is no such file'
    : 'install the package in the project; if it is an alias of tsconfig.json, write the path of the file instead: aliases are not taken';
  const error = new Error(`Cannot find '${specifier}': ${hint}`);
  const lines = readFileSync(file, 'utf8').split('\n');
  const line = lines.findIndex((text) =>
    new RegExp(`['"\`]${escaped(specifier)}['"\`]`).test(text),
  );
  const place = { file, line: line + 1 };
  return Object.assign(error, { name: 'ModuleNotFoundError', code: cause.code, place });
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function load(url, context, next) {
  if (url === SDK) return { format: 'module', source: SDK_SOURCE, shortCircuit: true };
  if (!isOwn(url)) return next(url, context);
  const file = fileURLToPath(url);
  loaded.add(file);
  return TYPESCRIPT.test(file)
    ? loadTypeScript(url, file, () => next(url, context))
    : next(url, context);
}

/**
 * Replaces types by blanks, so that every position stays; only syntax that
 * generates code is transformed.
 */
function loadTypeScript(url, file, next) {
  let format;
  try {
    const found = next();
    format = /^(\w+)-typescript$/.exec(found.format)?.[1];
    const code = String(found.source ?? readFileSync(file, 'utf8'));
    const source = quietly(() => stripTypeScriptTypes(code));
    // A file loaded by `require` has no format yet; Node determines it.
    return format === undefined ? found : made(file, source, format);
  } catch (error) {
    if (error.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') throw error;
    return transform(url, file, format);
  }
}

/**
 * @param format undefined where package.json has no `type`; the source then
 * decides, as for JavaScript
 */
function transform(url, file, format) {
  const options = { mode: 'transform', sourceMap: true, sourceUrl: url };
  const source = quietly(() => stripTypeScriptTypes(readFileSync(file, 'utf8'), options));
  // Errors of this file must report the line numbers of the original source.
  process.setSourceMapsEnabled(true);
  return made(file, source, format ?? (isCommonJs(source) ? 'commonjs' : 'module'));
}

function made(file, source, format) {
  compiled.set(file, source);
  return { format, source, shortCircuit: true };
}

function isCommonJs(source) {
  const { Script } = process.getBuiltinModule('node:vm');
  try {
    new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Suppresses Node's experimental warning, which would appear in the log of
 * every script.
 */
function quietly(work) {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

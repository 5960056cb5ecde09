/**
 * Encodes a script's result as JSON text. A value that JSON would silently
 * empty or change (a Map becomes `{}`, NaN becomes null) is refused with its
 * path and a proposal what to return instead.
 */
// `import` statements of Node's own modules cost a millisecond each, and every
// process starts with this file.
const { types } = process.getBuiltinModule('node:util');

const MAX_RESULT_BYTES = 1024 * 1024;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/**
 * @returns {string} JSON text of the value; `undefined` is null
 * @throws TypeError that names the first field that JSON cannot carry
 */
export function encode(value) {
  return JSON.stringify(value ?? null, refuser());
}

/** Encodes as {@link encode} does, and refuses a result over 1 MiB. */
export function encodeResult(value) {
  const text = encode(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_RESULT_BYTES) return text;
  throw new TypeError(
    `it has ${bytes} bytes, more than ${MAX_RESULT_BYTES}; write it to a file and return the path`,
  );
}

/**
 * Converts a value to plain JSON; one that JSON cannot carry becomes its text.
 */
export function plain(value) {
  try {
    return JSON.parse(encode(value));
  } catch {
    return String(value);
  }
}

/**
 * A replacer for JSON.stringify. It is called depth first with the object that
 * holds the value as `this`, from which the path is derived.
 */
function refuser() {
  const holders = [];
  const keys = [];
  return function refuse(key, value) {
    const raw = this[key];
    while (holders.length > 0 && holders.at(-1) !== this) {
      holders.pop();
      keys.pop();
    }
    const problem = problemOf(value, raw, holders);
    // The outermost key is the empty one that JSON.stringify adds.
    if (problem) throw new TypeError(`${pathOf([...keys.slice(1), key], holders)} is ${problem}`);
    if (typeof value === 'object' && value !== null) {
      holders.push(value);
      keys.push(key);
    }
    return value;
  };
}

function pathOf(names, holders) {
  if (holders.length === 0) return 'result';
  return names.reduce((path, name) => {
    if (/^\d+$/.test(name)) return `${path}[${name}]`;
    return IDENTIFIER.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
  }, 'result');
}

function problemOf(value, raw, holders) {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? undefined : `${value}: return null or a text`;
    case 'bigint':
      return 'a BigInt: return String(it), or Number(it) where that is exact';
    case 'function':
      return isClass(value)
        ? 'a class: return an object with its data'
        : 'a function: return what it returns';
    case 'symbol':
      return 'a symbol: return its text, it.description';
    case 'object':
      return value === null ? problemOfNull(raw) : problemOfObject(value, holders);
    default:
      return undefined;
  }
}

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value));

const problemOfNull = (raw) =>
  types.isDate(raw) ? 'an invalid Date: return null or a text' : undefined;

function problemOfObject(value, holders) {
  if (holders.includes(value)) return 'circular: it holds itself; return it without that field';
  if (Array.isArray(value)) return undefined;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return undefined;
  return problemOfInstance(value);
}

/**
 * The problem of an object that is neither a list nor a plain object. An
 * instance with fields of its own is encoded as those fields.
 */
function problemOfInstance(value) {
  if (types.isMap(value)) return 'a Map: return Object.fromEntries(it)';
  if (types.isSet(value)) return 'a Set: return [...it]';
  if (types.isPromise(value)) return 'a promise that was not awaited: await it';
  if (types.isNativeError(value)) return `${article(value.name)}: return it.message, or throw it`;
  if (types.isRegExp(value)) return 'a RegExp: return it.source';
  if (types.isTypedArray(value)) return `${article(nameOf(value))}: return Array.from(it)`;
  if (types.isAnyArrayBuffer(value) || types.isDataView(value))
    return `${article(nameOf(value))}: return Buffer.from(it).toString('base64')`;
  if (types.isGeneratorObject(value) || typeof value.next === 'function')
    return 'an iterator: return [...it] (for an async one: await Array.fromAsync(it))';
  if (typeof value[Symbol.asyncIterator] === 'function')
    return `${article(nameOf(value))}, which is read step by step: return await Array.fromAsync(it)`;
  if (types.isBoxedPrimitive(value) || Object.keys(value).length > 0) return undefined;
  if (typeof value.entries === 'function')
    return `${article(nameOf(value))}: return Object.fromEntries(it)`;
  if (typeof value[Symbol.iterator] === 'function')
    return `${article(nameOf(value))}: return [...it]`;
  return `${article(nameOf(value))} with no data that JSON can see: return a plain object with what is needed`;
}

const nameOf = (value) => String(value.constructor?.name || 'object without a class');

const article = (name) => `${/^[AEIO]/i.test(name) ? 'an' : 'a'} ${name}`;

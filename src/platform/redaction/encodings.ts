/** Shorter encodings would match in ordinary text. */
const MIN_LENGTH = 6;
/**
 * Minimum length of a line that is registered separately: PEM keys are often
 * printed line by line.
 */
const MIN_LINE = 12;

/**
 * Every encoding in which a value may appear: unchanged, and as JSON, URLs,
 * HTML, base64 and hex write it. Each one once, the value itself first.
 */
export function encodingsOf(value: string): string[] {
  const written = [value, ...linesOf(value)].flatMap(escapes);
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  const coded = [...base64(bytes), hex, hex.toUpperCase()].filter((t) => t.length >= MIN_LENGTH);
  return [...new Set([...written, ...coded])];
}

function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.length > 1 ? lines.filter((line) => line.length >= MIN_LINE) : [];
}

/** Encodings that differ from the value only where characters are escaped. */
function escapes(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  /** The notation of Python and Node in single quotes. */
  const shown = json.replaceAll('\\"', '"');
  return [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    json.replace(/[^ -~]/g, unicode),
    json.replace(/[<>&']/g, unicode),
    json.replaceAll('/', '\\/'),
    shown,
    shown.replaceAll("'", "\\'"),
    value.replaceAll('"', '\\"'), // `echo` of some shells takes JSON's other backslashes away
    value.replaceAll("'", `'\\''`), // quoted for a shell
    ...urlEscapes(value),
    ...[/[&<>]/g, /[&<>"]/g, /[&<>"']/g].map((these) => value.replace(these, entity)),
    value.replace(/[&<>"']/g, entity).replaceAll('&#39;', '&#x27;'),
  ];
}

function urlEscapes(value: string): string[] {
  const component = encodeURIComponent(value.toWellFormed());
  const strict = component.replace(/[!'()*]/g, percent);
  const upper = [
    component,
    component.replaceAll('%20', '+'),
    new URLSearchParams([['', value]]).toString().slice(1),
    strict,
    strict.replaceAll('%20', '+'),
    strict.replaceAll('%2F', '/'),
    encodeURI(value.toWellFormed()),
  ];
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [...upper, ...upper.map(lower)];
}

const HTML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const entity = (character: string) => HTML[character]!;

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const unicode = (character: string) =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The base64 characters that depend on the value alone, whatever precedes and
 * follows it: inside a longer encoded text, such as `user:secret`, it begins at
 * one of three offsets.
 */
function base64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const standard = text.slice(Math.ceil((offset * 8) / 6), end);
    return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

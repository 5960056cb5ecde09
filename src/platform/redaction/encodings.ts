/** Shorter encodings are found in too much that is no secret. */
const MIN_LENGTH = 6;
/** A line of this length or more is a secret of its own: PEM keys are printed line by line. */
const MIN_LINE = 12;

/**
 * Every text in which a value may show: as it is, and as JSON, URLs, HTML, base64 and hex write it. Each one
 * once, the value itself first.
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

/** Texts that differ from the value only where it has something to escape. */
function escapes(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  /** In single quotes, as Python and Node show a text. */
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
 * The characters that the bytes determine alone, whatever stands before and behind them: a secret inside a longer
 * text that was encoded, `user:secret` say, begins at any of three offsets.
 */
function base64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const standard = text.slice(Math.ceil((offset * 8) / 6), end);
    return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

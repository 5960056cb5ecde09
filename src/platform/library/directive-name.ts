import { Composer, isAlias, isMap, isScalar, Lexer, Parser, type Document } from 'yaml';

/**
 * Same limit as the language's; the YAML library overflows the stack on deeper
 * texts.
 */
const MAX_NESTING = 64;
/**
 * More keys than a directive can have at its top: each key may be an alias, and
 * resolving one scans the whole text.
 */
const MAX_KEYS = 64;
/** A fenced block of XML, with which a Markdown directive begins; no YAML has one at the start of a line. */
const MARKDOWN = /^ {0,3}(?:`{3,}|~{3,})[ \t]*xml\b|^\ufeff?<!--\s*kiwi-mcp:/m;
const ROOT = /<directive\b[^>]{0,1000}?\bname\s*=\s*(["'])([^"'<>]{0,200})\1/;
const CONTAINERS = new Set(['block-map', 'block-seq', 'flow-collection']);

/**
 * The `name` of a directive, read with the same YAML parser as the language, so
 * that both see the same name. It is also found in a text with errors, where
 * possible; undefined when there is none.
 */
export function directiveName(text: string): string | undefined {
  if (MARKDOWN.test(text)) return ROOT.exec(text)?.[2];
  const document = firstDocument(text.replace(/^\uFEFF/, ''));
  if (!isMap(document?.contents)) return undefined;
  const keys = document.contents.items.slice(0, MAX_KEYS);
  const pair = keys.find(({ key }) => valueOf(key, document) === 'name');
  const name = valueOf(pair?.value, document);
  return typeof name === 'string' ? name : undefined;
}

function valueOf(node: unknown, document: Document): unknown {
  const target = isAlias(node) ? node.resolve(document) : node;
  return isScalar(target) ? target.value : undefined;
}

/**
 * Parses the first document; undefined where it is empty or nested too deeply.
 * Stack traces are switched off meanwhile, because the parser may create an
 * error for every character.
 */
function firstDocument(text: string): Document | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return compose(text);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function compose(text: string): Document | undefined {
  const parser = new Parser();
  const composer = new Composer({ uniqueKeys: false, logLevel: 'error', version: '1.2' });
  for (const token of new Lexer().lex(text)) {
    for (const part of parser.next(token))
      for (const document of composer.next(part)) return document;
    if (tooDeep(parser)) return undefined;
  }
  for (const part of parser.end()) for (const document of composer.next(part)) return document;
  for (const document of composer.end(false)) return document;
  return undefined;
}

function tooDeep(parser: Parser): boolean {
  const { stack } = parser as unknown as { stack: { type: string }[] };
  if (stack.length <= MAX_NESTING) return false;
  return stack.filter(({ type }) => CONTAINERS.has(type)).length > MAX_NESTING;
}

import { parseDocument, type Document, type ParsedNode, type YAMLError } from 'yaml';
import type { Code } from '../text/codes.js';
import { guard } from './guard.js';
import type { Report } from './report.js';
import type { Node } from './tree.js';
import { TreeReader } from './tree-reader.js';

/** YAML errors after which the tree is still usable for further checks. */
const SOFT = new Set(['BAD_DQ_ESCAPE', 'BAD_SCALAR_START', 'MULTIPLE_DOCS']);
const MAX_SYNTAX_ERRORS = 100;

/**
 * Parses YAML text to a tree with positions. Errors go to the report; the tree is as complete as they allow.
 * @returns undefined when there is nothing to check
 */
export function readDocument(report: Report): Node | undefined {
  const text = guard(report);
  if (text === undefined) return undefined;
  const document = parse(text);
  const fatal = document.errors.filter(({ code }) => !SOFT.has(code));
  const errors = document.errors.slice(0, MAX_SYNTAX_ERRORS);
  for (const [at, error] of errors.entries()) {
    if (!isConsequence(error, errors[at - 1])) reportSyntax(report, error);
  }
  if (fatal.some(({ code }) => code === 'TAB_AS_INDENT')) return readWithoutTabs(report, text);
  return fatal.length > 0 ? undefined : readTree(report, text, document);
}

/**
 * Parses again with tabs replaced by blanks, so that the rest of the file is checked too. The tabs are already
 * reported.
 */
function readWithoutTabs(report: Report, text: string): Node | undefined {
  const document = parse(text.replace(/^[ \t]+/gm, (indent) => ' '.repeat(indent.length)));
  return document.errors.length > 0 ? undefined : readTree(report, text, document);
}

function readTree(report: Report, text: string, { contents }: Document.Parsed): Node | undefined {
  if (contents) return new TreeReader(report, text).read(contents as ParsedNode);
  const hint = 'a directive needs name, version and steps';
  report.add('empty_file', { offset: 0 }, 'the file is empty', hint);
  return undefined;
}

/** Parses without stack traces. Text can cause one error per character, and traces would make that ten times slower. */
function parse(text: string): Document.Parsed {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const options = {
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'error',
      version: '1.2',
    } as const;
    return parseDocument(text, options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

interface Wording {
  code: Code;
  message?: string;
  hint: string;
}

const WORDINGS: Record<string, Wording> = {
  TAB_AS_INDENT: {
    code: 'tab_indentation',
    message: 'a tab cannot indent a line',
    hint: 'indent with spaces',
  },
  MULTIPLE_DOCS: {
    code: 'several_documents',
    message: 'the file contains several documents',
    hint: 'keep one of them and remove the line ---',
  },
  BAD_INDENT: { code: 'yaml_syntax', hint: 'check the indentation' },
  MISSING_CHAR: { code: 'yaml_syntax', hint: 'check quotes and brackets' },
  BAD_DQ_ESCAPE: { code: 'yaml_syntax', hint: 'write \\\\ for a backslash, or use single quotes' },
};
/** The YAML library's message for wrong indentation in a list, which it reports as a missing character. */
const NO_DASH = 'Sequence item without - indicator';
const OTHER: Wording = {
  code: 'yaml_syntax',
  hint: 'quote a text that contains : # { [ or quotes',
};

function reportSyntax(report: Report, error: YAMLError): void {
  const dash = error.message.startsWith(NO_DASH);
  const { code, message, hint } = WORDINGS[dash ? 'BAD_INDENT' : error.code] ?? OTHER;
  const text = message ?? `this is not YAML: ${error.message.split('\n')[0]}`;
  const blanks = dash
    ? /^[ \t]*/.exec(report.source.slice(error.pos[0], error.pos[0] + 1_000))!
    : '';
  report.add(code, { offset: error.pos[0] + String(blanks).length }, text, hint);
}

/** True for an error that only follows from the wrong indentation reported before it. */
const isConsequence = ({ message }: YAMLError, before: YAMLError | undefined): boolean =>
  before?.code === 'BAD_INDENT' && message.startsWith(NO_DASH);

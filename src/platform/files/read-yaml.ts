import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { inexactNumbers } from './inexact-numbers.js';

/** What is wrong with a file, and on which line. */
export interface YamlFault {
  line: number;
  message: string;
  hint: string;
}

export type YamlResult<T> = { value: T; faults: [] } | { value?: undefined; faults: YamlFault[] };

type Path = readonly PropertyKey[];

/**
 * Reads a YAML text by a schema; every fault has its line. The caller limits the size of the text.
 * @param page where the keys of such a file are described, such as `docs/configuration.md`
 */
export function readYaml<T>(text: string, schema: z.ZodType<T>, page: string): YamlResult<T> {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lineOf = (offset: number) => counter.linePos(offset).line;
  const syntax = document.errors.map(({ pos, message }) => {
    const line = lineOf(pos[0]);
    return { line, message: message.split('\n')[0] ?? message, hint: syntaxHint(text, line) };
  });
  if (syntax.length > 0) return { faults: syntax };
  const inexact = inexactNumbers(document);
  if (inexact.length > 0)
    return {
      faults: inexact.map(({ offset, message }) => ({
        line: lineOf(offset),
        message,
        hint: 'Correct it',
      })),
    };
  const parsed = schema.safeParse(document.toJS() ?? {});
  if (parsed.success) return { value: parsed.data, faults: [] };
  const issues = parsed.error.issues.flatMap((issue) => describe(issue, page));
  return {
    faults: issues.map(({ path, message, hint }) => ({
      line: lineOf(offsetOf(document, path)),
      message,
      hint,
    })),
  };
}

function syntaxHint(text: string, at: number): string {
  const line = text.split('\n')[at - 1] ?? '';
  const unquoted = line.includes('${') && /[{[]/.test(line.replaceAll('${', ''));
  return unquoted ? "Inside { } or [ ], write '${NAME}' in quotes" : 'Correct the YAML';
}

/** The source position of a value, or of its deepest existing ancestor. */
function offsetOf(document: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: number[] } | undefined;
    const key = keyOffset(document, path.slice(0, depth));
    const offset = key ?? node?.range?.[0];
    if (offset !== undefined) return offset;
  }
  return 0;
}

function keyOffset(document: Document, path: Path): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
}

const dotted = (path: Path) => path.map(String).join('.');

function describe(
  issue: z.core.$ZodIssue,
  page: string,
): { path: Path; message: string; hint: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key "${dotted([...issue.path, key])}"`,
      hint: `Remove it, or correct the spelling: ${page} lists the keys`,
    }));
  }
  const message = `${dotted(issue.path) || 'the file'}: ${reason(issue)}`;
  return [{ path: issue.path, message, hint: 'Correct it' }];
}

function reason(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return `the name ${issue.issues[0]?.message ?? 'is invalid'}`;
  return issue.message.endsWith('received undefined') ? 'is missing' : issue.message;
}

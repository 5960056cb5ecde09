import { readFileSync, statSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { configFileSchema, type ConfigFile } from './config-file-schema.js';
import type { ConfigFault } from './config-fault.js';
import { inexactNumbers } from './inexact-numbers.js';

const MAX_BYTES = 256 * 1024;

type Path = readonly PropertyKey[];

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

function describe(issue: z.core.$ZodIssue): { path: Path; message: string; hint: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key "${dotted([...issue.path, key])}"`,
      hint: 'Remove it, or correct the spelling: docs/configuration.md lists the keys',
    }));
  }
  const message = `${dotted(issue.path) || 'the file'}: ${reason(issue)}`;
  return [{ path: issue.path, message, hint: 'Correct it' }];
}

function reason(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return `the name ${issue.issues[0]?.message ?? 'is invalid'}`;
  return issue.message.endsWith('received undefined') ? 'is missing' : issue.message;
}

function read(file: string, faults: ConfigFault[]): string | undefined {
  try {
    if (statSync(file).size <= MAX_BYTES) return readFileSync(file, 'utf8');
    faults.push({ where: file, message: 'is larger than 256 KiB', hint: 'Make it smaller' });
  } catch (error) {
    const message = `cannot be read: ${(error as Error).message}`;
    faults.push({ where: file, message, hint: 'Make it readable, or unset MISSION_CONFIG' });
  }
  return undefined;
}

/**
 * Reads the operator's file. `${NAME}` is replaced from `env` where the schema
 * allows it. Adds faults with their lines to `faults`; returns undefined when
 * there are any.
 */
export function readConfigFile(
  file: string,
  env: NodeJS.ProcessEnv,
  faults: ConfigFault[],
): ConfigFile | undefined {
  const text = read(file, faults);
  if (text === undefined) return undefined;
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const at = (offset: number) => `${file}:${counter.linePos(offset).line}`;
  for (const { pos, message } of document.errors) {
    const what = message.split('\n')[0] ?? message;
    const line = text.split('\n')[counter.linePos(pos[0]).line - 1] ?? '';
    const unquoted = line.includes('${') && /[{[]/.test(line.replaceAll('${', ''));
    const hint = unquoted ? "Inside { } or [ ], write '${NAME}' in quotes" : 'Correct the YAML';
    faults.push({ where: at(pos[0]), message: what, hint });
  }
  if (document.errors.length > 0) return undefined;
  const inexact = inexactNumbers(document);
  for (const { offset, message } of inexact)
    faults.push({ where: at(offset), message, hint: 'Correct it' });
  if (inexact.length > 0) return undefined;
  const parsed = configFileSchema(env).safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  for (const { path, message, hint } of parsed.error.issues.flatMap(describe)) {
    faults.push({ where: at(offsetOf(document, path)), message, hint });
  }
  return undefined;
}

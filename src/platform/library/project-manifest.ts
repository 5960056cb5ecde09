import { readFile, stat } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { MissionError } from '../../contracts/errors.js';
import { isObject } from '../../contracts/json/json.js';
import type { InputSpec } from '../../contracts/plan.js';
import { inexactNumbers } from '../files/inexact-numbers.js';
import { scriptInput } from './script-input-schema.js';

/** The manifest of a project's script, written by its author. */
export interface ProjectManifest {
  description?: string;
  inputs: Record<string, InputSpec>;
}

const MAX_BYTES = 64 * 1024;
/**
 * Limit of brackets: the YAML parser is recursive and could overflow the stack.
 */
const MAX_BRACKETS = 1_000;

const manifest = z.strictObject({
  description: z.string().min(1, 'is empty').optional(),
  inputs: z.record(z.string(), scriptInput),
});

/**
 * Reads the manifest of a script: `NAME.yaml` next to it, with `inputs` and an
 * optional `description`. A file of that name without `inputs` is not a
 * manifest but, for example, data of the script.
 * @param file path of the script
 * @returns undefined where there is no manifest
 * @throws MissionError `config_invalid` that names the file and its faults
 */
export async function readProjectManifest(file: string): Promise<ProjectManifest | undefined> {
  const path = file.replace(/\.[a-z]+$/, '.yaml');
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const declared = parsed(path, text);
  if (!isObject(declared) || !Object.hasOwn(declared, 'inputs')) return undefined;
  const { data, error } = manifest.safeParse(declared);
  if (error) throw faulty(path, error.issues.map(faultOf).join('; '));
  return data as ProjectManifest;
}

const faultOf = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;

async function textOf(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    return size > MAX_BYTES ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parsed(path: string, text: string): unknown {
  const declares = /^["']?inputs["']?\s*:/m.test(text);
  if (!declares || (text.match(/[[{]/g) ?? []).length > MAX_BRACKETS) return undefined;
  try {
    return valueOf(text);
  } catch (thrown) {
    throw faulty(path, (thrown as Error).message.split('\n', 1)[0]!);
  }
}

/**
 * @throws Error for invalid YAML, and for a number that a double cannot hold
 */
function valueOf(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  if (document.errors[0]) throw document.errors[0];
  const [inexact] = inexactNumbers(document);
  if (!inexact) return document.toJS();
  const { line } = lineCounter.linePos(inexact.offset);
  throw new Error(`line ${line}: ${inexact.message}; ${inexact.hint}`);
}

const faulty = (path: string, why: string): MissionError =>
  new MissionError(
    'config_invalid',
    `The manifest ${path} is invalid: ${why}. Correct it, or remove it.`,
    undefined,
    { retryable: false },
  );

import { readFile } from 'node:fs/promises';
import type { Diagnostic } from '../../contracts/diagnostic.js';
import type { Plan } from '../../contracts/plan.js';
import type { Session } from '../client/session.js';
import type { ProjectContext } from './project-context.js';
import { renderDiagnostic } from '../render/diagnostic.js';

/** A directive file with its diagnostics. */
export interface CheckedFile {
  file: string;
  /** Empty when the file could not be read. */
  source: string;
  /** True when no diagnostic is an error. */
  valid: boolean;
  diagnostics: Diagnostic[];
  plan?: Plan;
}

/** Compiles a text and returns its diagnostics. */
export type Check = (
  shop: ProjectContext,
  source: string,
) => Promise<{ plan?: Plan; diagnostics: Diagnostic[] }>;

const compile: Check = async ({ catalog }, source) => {
  const { compileDirective } = await import('../../language/compile/compile.js');
  return compileDirective(source, catalog);
};

/**
 * Reads and compiles a file (`-` is standard input). An unreadable file yields
 * a diagnostic.
 */
export async function checkFile(
  session: Session,
  shop: ProjectContext,
  file: string,
  check: Check = compile,
): Promise<CheckedFile> {
  const text = await readSource(session, file);
  return typeof text === 'string' ? checkText(shop, file, text, check) : unreadable(file, text);
}

/** Compiles a text that is already loaded. */
export async function checkText(
  shop: ProjectContext,
  file: string,
  source: string,
  check: Check = compile,
): Promise<CheckedFile> {
  const { plan, diagnostics } = await check(shop, source);
  const valid = !diagnostics.some(({ severity }) => severity === 'error');
  return { file, source, valid, diagnostics, ...(plan && { plan }) };
}

/** Prints the diagnostics to stderr. */
export function noteDiagnostics(
  session: Session,
  { file, source, diagnostics }: Pick<CheckedFile, 'file' | 'source' | 'diagnostics'>,
): void {
  for (const each of diagnostics)
    session.note(renderDiagnostic(file, source, each, session.io.err));
}

async function readSource(session: Session, file: string): Promise<string | Error> {
  try {
    const bytes = file === '-' ? await readAll(session.io.in) : await readFile(file);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    return error as Error;
  }
}

async function readAll(stream: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function unreadable(file: string, error: Error): CheckedFile {
  const { code } = error as NodeJS.ErrnoException;
  const encoding = code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
  const diagnostic: Diagnostic = {
    code: encoding ? 'not_utf8' : 'file_unreadable',
    severity: 'error',
    message: encoding
      ? 'the file is not UTF-8 text'
      : `the file cannot be read: ${reason(code, error)}`,
    hint: encoding ? 'save it as UTF-8' : 'check the path and its permissions',
    line: 1,
    column: 1,
  };
  return { file, source: '', valid: false, diagnostics: [diagnostic] };
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

const reason = (code: string | undefined, error: Error) => REASONS[code ?? ''] ?? error.message;

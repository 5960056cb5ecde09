import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Report } from '../report.js';

const SIGNATURE =
  /^<!--\s*kiwi-mcp:validated:([^:\s]*(?::[^:\s]*)*?):([0-9a-fA-F]{64})\s*-->[ \t]*\r?\n?/;
const ANY = /^<!--\s*kiwi-mcp:validated/;

/**
 * Checks the signature of the format on the first line, where there is one: it holds the SHA-256 of what follows it.
 * Whoever changes the file must sign it again or remove the line.
 */
export function checkSignature(report: Report): void {
  const { source } = report;
  if (!ANY.test(source)) return;
  const [line, , hash] = SIGNATURE.exec(source) ?? [];
  const renew = 'validate it again with the tool that signed it, or remove the line';
  if (line === undefined) {
    const form = '<!-- kiwi-mcp:validated:TIME:SHA256 -->';
    report.add('signature', { offset: 0 }, `the signature does not have the form ${form}`, renew);
    return;
  }
  const rest = source.slice(line.length);
  const contents = [rest, rest.trim(), `${rest.trim()}\n`];
  if (contents.some((content) => bytesToHex(sha256(utf8ToBytes(content))) === hash!.toLowerCase()))
    return;
  report.add('signature', { offset: 0 }, 'the text was changed after it was signed', renew);
}

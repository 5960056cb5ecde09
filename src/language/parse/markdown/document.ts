import type { Report } from '../report.js';
import type { MapNode } from '../tree.js';
import type { Element } from './element.js';
import { fencesOf } from './fence.js';
import { instructionsTree, type KnownModels } from './instructions-tree.js';
import { readXml } from './read-xml.js';
import { checkSignature } from './signature.js';

const MAX_LENGTH = 256 * 1024;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})[ \t]*xml\b/m;
const SIGNED = /^\ufeff?<!--\s*kiwi-mcp:/;

/** True for the Markdown of a directive: it has a fenced block of XML, which no YAML has at the start of a line. */
export const isMarkdown = (text: string): boolean => SIGNED.test(text) || FENCE.test(text);

/**
 * Reads a Markdown directive to the tree that a YAML directive would have, so that both are checked and compiled by the
 * same code.
 * @param models the configured models; null = unknown
 */
export function readMarkdown(report: Report, models: KnownModels): MapNode | undefined {
  const { source } = report;
  if (source.length > MAX_LENGTH) {
    report.add(
      'too_large',
      { offset: 0 },
      'the file is larger than 256 KiB',
      'split the directive',
    );
    return undefined;
  }
  checkSignature(report);
  const [fence, second] = fencesOf(source).filter(({ language }) => language === 'xml');
  if (!fence) {
    const hint = 'put the directive into a block that begins with ```xml';
    report.add('empty_file', { offset: 0 }, 'the file has no block of XML', hint);
    return undefined;
  }
  if (second)
    report.add('several_documents', second, 'the file has a second block of XML', 'keep one');
  else if (!fence.closed)
    report.add('xml_syntax', fence, 'the block of XML has no end', 'end it with a line of ```');
  else if (source.slice(fence.end).trim() !== '') {
    const at = { offset: fence.end + source.slice(fence.end).search(/\S/) };
    report.add(
      'misplaced_text',
      at,
      'nothing may follow the block of XML',
      'move it before the block',
    );
  }
  const root = readXml(report, fence.content);
  return root && directiveOf(report, root, models);
}

function directiveOf(report: Report, root: Element, models: KnownModels): MapNode | undefined {
  if (root.name === 'directive') return instructionsTree(report, root, models);
  const hint = 'begin with <directive name="…" version="1.0.0">';
  report.add('missing_key', root, `the root is <${root.name.slice(0, 40)}>, not <directive>`, hint);
  return undefined;
}

import type { DirectiveFile, DirectiveSummary } from '../../../contracts/catalog.js';
import { readInputs } from '../check/declared-inputs.js';
import { Fields } from '../fields/fields.js';
import { STEP_KEYS } from '../../definition/step-keys.js';
import { readDocument } from '../../parse/document.js';
import { Report } from '../../parse/report.js';
import type { Node } from '../../parse/tree.js';

const REFERENCE = /^[a-z][a-z0-9_]*/;

/** Summarizes a directive from its text without reporting errors; undefined when the text cannot be parsed. */
export function summarize({ name, text }: DirectiveFile): DirectiveSummary | undefined {
  const report = new Report(text.replace(/^\ufeff/, ''));
  const root = readDocument(report);
  if (root?.type !== 'map') return undefined;
  const fields = new Fields(root);
  const version = fields.get('version');
  return {
    name,
    version: version?.type === 'scalar' ? String(version.value) : '',
    inputs: readInputs(report, fields.get('inputs')),
    calls: [...new Set(callsIn(root))],
  };
}

function callsIn(node: Node): string[] {
  if (node.type === 'list') return node.items.flatMap(callsIn);
  if (node.type !== 'map') return [];
  return node.entries.flatMap(({ key, value }) => {
    if (STEP_KEYS.has(key)) return callsIn(value);
    const text = key === 'directive' && value.type === 'scalar' ? String(value.value) : '';
    return REFERENCE.exec(text)?.slice(0, 1) ?? [];
  });
}

/** Caches the summaries of a library. The same map is returned as long as no text changes. */
export class DirectiveSummaries {
  private texts: readonly string[] = [];
  private current: ReadonlyMap<string, DirectiveSummary> = new Map();
  private readonly known = new Map<
    string,
    { text: string; summary: DirectiveSummary | undefined }
  >();

  of(files: readonly DirectiveFile[]): ReadonlyMap<string, DirectiveSummary> {
    const same =
      files.length === this.texts.length && files.every(({ text }, at) => text === this.texts[at]);
    if (same) return this.current;
    this.texts = files.map(({ text }) => text);
    const all = files.map((file) => this.summary(file)).filter((each) => each !== undefined);
    return (this.current = new Map(all.map((summary) => [summary.name, summary])));
  }

  private summary(file: DirectiveFile): DirectiveSummary | undefined {
    const known = this.known.get(file.name);
    if (known?.text === file.text) return known.summary;
    const summary = summarize(file);
    this.known.set(file.name, { text: file.text, summary });
    return summary;
  }
}

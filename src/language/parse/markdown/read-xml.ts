import { SaxesParser } from 'saxes';
import type { Report } from '../report.js';
import type { Span } from '../tree.js';
import type { Attribute, Element } from './element.js';

const MAX_NESTING = 64;
const MAX_ELEMENTS = 5_000;
const MAX_ERRORS = 50;
/** Directives of the format write a CDATA section inside CDATA with these. */
const NESTED_CDATA = [
  [/\{CDATA_OPEN\}/g, '<![CDATA['],
  [/\{CDATA_CLOSE\}/g, ']]>'],
] as const;

/**
 * Reads XML to elements with their places in the whole text. Syntax errors go to the report, several at once. Entities of
 * a document type are not resolved, because a document type is refused.
 * @returns undefined when there is no root element, or the XML is nested too deeply
 */
export function readXml(report: Report, { offset, end }: Span): Element | undefined {
  const text = report.source.slice(offset, end);
  const reader = new Reader(report, offset, text);
  reader.read();
  return reader.root;
}

class Reader {
  root: Element | undefined;
  private readonly parser = new SaxesParser({ position: true });
  private readonly open: Element[] = [];
  private attributes = new Map<string, Attribute>();
  private begins = 0;
  private textFrom = 0;
  private errors = 0;
  private elements = 0;
  private stopped = false;

  constructor(
    private readonly report: Report,
    private readonly base: number,
    private readonly text: string,
  ) {}

  read(): void {
    const { parser } = this;
    parser.on('error', ({ message }) => this.fault(message));
    parser.on('doctype', () => this.stop('a document type is not allowed', 'remove <!DOCTYPE …>'));
    parser.on('opentagstart', () => this.begin());
    parser.on('attribute', (attribute) => this.attribute(attribute as never));
    parser.on('opentag', ({ name, isSelfClosing }) => this.opened(name, isSelfClosing));
    parser.on('closetag', ({ isSelfClosing }) => !isSelfClosing && this.close());
    parser.on('text', (text) => this.add(text));
    parser.on('cdata', (text) => this.add(unnested(text)));
    for (let at = 0; at < this.text.length && !this.stopped; at += 4_096)
      parser.write(this.text.slice(at, at + 4_096));
    if (!this.stopped) parser.close();
  }

  private get here(): number {
    return this.parser.position;
  }

  private begin(): void {
    this.begins = this.text.lastIndexOf('<', this.here - 1);
    this.attributes = new Map();
  }

  private attribute({ name, value }: { name: string; value: string }): void {
    const end = Math.max(0, this.here - 1);
    const offset = Math.max(0, end - value.length);
    this.attributes.set(name, { value, offset: this.base + offset, end: this.base + end });
  }

  private opened(name: string, isSelfClosing: boolean): void {
    const element: Element = {
      type: 'element',
      name,
      attributes: this.attributes,
      children: [],
      offset: this.base + this.begins,
      end: this.base + this.here,
    };
    const parent = this.open.at(-1);
    if (parent) parent.children.push(element);
    else this.root ??= element;
    this.textFrom = this.here;
    if (++this.elements > MAX_ELEMENTS)
      return this.stop(`there are more than ${MAX_ELEMENTS} elements`, 'split the directive');
    if (isSelfClosing) return;
    this.open.push(element);
    if (this.open.length > MAX_NESTING)
      this.stop(`elements are nested more than ${MAX_NESTING} levels deep`, 'flatten them');
  }

  private close(): void {
    const element = this.open.pop();
    if (element) element.end = this.base + this.here;
    this.textFrom = this.here;
  }

  private add(text: string): void {
    const offset = this.textFrom;
    const end = Math.max(offset, this.text.lastIndexOf('<', this.here - 1));
    const span = { offset: this.base + offset, end: this.base + end };
    this.open.at(-1)?.children.push({ type: 'text', text, ...span });
    this.textFrom = this.here;
  }

  private fault(message: string): void {
    if (++this.errors > MAX_ERRORS) return;
    const what = message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
    const at = { offset: this.base + Math.max(0, this.here - 1) };
    this.report.add('xml_syntax', at, `this is not XML: ${what}`, hintFor(what));
  }

  private stop(message: string, hint: string): void {
    if (this.stopped) return;
    this.stopped = true;
    this.root = undefined;
    this.report.add('xml_syntax', { offset: this.base + this.here }, message, hint);
  }
}

const hintFor = (what: string): string =>
  /entity|disallowed character/.test(what)
    ? 'write &lt; for < and &amp; for &, or put the text into <![CDATA[ … ]]>'
    : 'each <element> needs its </element>';

const unnested = (text: string): string =>
  NESTED_CDATA.reduce((result, [pattern, by]) => result.replace(pattern, by), text);

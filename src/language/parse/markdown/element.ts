import type { Span } from '../tree.js';

/** An attribute of an element, with the range of its value. */
export interface Attribute extends Span {
  value: string;
}

/** An element of XML, with its place in the directive's text. */
export interface Element extends Span {
  type: 'element';
  name: string;
  attributes: ReadonlyMap<string, Attribute>;
  children: Content[];
}

/** A run of text in XML, entities and CDATA included. */
export interface Text extends Span {
  type: 'text';
  text: string;
}

export type Content = Element | Text;

export const elementsOf = ({ children }: Element, name?: string): Element[] =>
  children.filter(
    (child): child is Element =>
      child.type === 'element' && (name === undefined || child.name === name),
  );

export const elementOf = (parent: Element | undefined, name: string): Element | undefined =>
  parent && elementsOf(parent, name)[0];

/** The text of an element and of all elements in it. */
export function textIn({ children }: Element): string {
  return children.map((child) => (child.type === 'text' ? child.text : textIn(child))).join('');
}

/** The range of what is written in an element, without the blanks around it; of the element when it is empty. */
export function contentSpan(element: Element): Span {
  const texts = element.children.filter((child): child is Text => child.type === 'text');
  const [first] = texts.filter(({ text }) => text.trim() !== '');
  if (!first) return element;
  const blanks = first.text.length - first.text.trimStart().length;
  return { offset: first.offset + blanks, end: first.end };
}

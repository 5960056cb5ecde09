import type { Span } from '../tree.js';

/** A fenced block of a Markdown text. */
export interface Fence extends Span {
  language: string;
  /** Range of the text between the fences. */
  content: Span;
  /** False = the text ends before the block does. */
  closed: boolean;
}

const OPENING = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^`\n]*$/;

/** The fenced blocks of a text. It reads lines only, so that no text makes it slow. */
export function fencesOf(text: string): Fence[] {
  const fences: Fence[] = [];
  let open: { mark: string; language: string; offset: number; begin: number } | undefined;
  let offset = 0;
  for (const line of text.split('\n')) {
    const end = offset + line.length;
    const bare = line.replace(/\r$/, '');
    if (open) {
      if (closes(bare, open.mark)) {
        const { offset: at, begin, language } = open;
        const content = { offset: begin, end: Math.max(begin, offset) };
        fences.push({ offset: at, end, language, content, closed: true });
        open = undefined;
      }
    } else {
      const [, mark, language = ''] = OPENING.exec(bare) ?? [];
      if (mark) open = { mark, language: language.toLowerCase(), offset, begin: end + 1 };
    }
    offset = end + 1;
  }
  if (!open) return fences;
  const { language, offset: at, begin } = open;
  const content = { offset: Math.min(begin, text.length), end: text.length };
  return [...fences, { offset: at, end: text.length, language, content, closed: false }];
}

function closes(line: string, mark: string): boolean {
  const text = line.trim();
  return text.length >= mark.length && [...text].every((character) => character === mark[0]);
}

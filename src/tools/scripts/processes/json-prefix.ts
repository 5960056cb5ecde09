/**
 * One token of JSON with the blanks before it. No token extends past the end of
 * a line.
 */
const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

/**
 * Parses the text of an object or list line by line, and reports after each
 * line whether it can still become complete. This distinguishes the log line `{
 * starting` from JSON over several lines.
 */
export class JsonPrefix {
  private readonly open: ('{' | '[')[] = [];
  private expected: Expected = 'value';

  /**
   * Takes one more line.
   * @returns `open`: the JSON continues on the next line; `broken`: this is not
   * JSON; otherwise the text after the end of the JSON on this line
   */
  take(line: string): 'open' | 'broken' | { after: string } {
    for (let at = 0; ; at = TOKEN.lastIndex) {
      TOKEN.lastIndex = at;
      if (line.slice(at).trim() === '') return 'open';
      const [, mark, text] = TOKEN.exec(line) ?? [];
      if (TOKEN.lastIndex === 0 || !this.accept(mark, text !== undefined)) return 'broken';
      if (this.open.length === 0) return { after: line.slice(TOKEN.lastIndex) };
    }
  }

  private accept(mark: string | undefined, isText: boolean): boolean {
    if (mark === '{' || mark === '[') return this.begin(mark);
    if (mark === '}' || mark === ']') return this.end(mark);
    if (mark === ':') return this.follow(':', 'value');
    if (mark === ',') return this.follow(', or end', this.open.at(-1) === '{' ? 'key' : 'value');
    if (isText && this.expected.startsWith('key')) return this.follow(this.expected, ':');
    return this.expected.startsWith('value') && this.follow(this.expected, ', or end');
  }

  private begin(mark: '{' | '['): boolean {
    if (!this.expected.startsWith('value')) return false;
    this.open.push(mark);
    this.expected = mark === '{' ? 'key or }' : 'value or ]';
    return true;
  }

  private end(mark: '}' | ']'): boolean {
    const fits = this.expected === ', or end' || this.expected.endsWith(`or ${mark}`);
    if (!fits || this.open.pop() !== (mark === '}' ? '{' : '[')) return false;
    this.expected = ', or end';
    return true;
  }

  private follow(expected: Expected, next: Expected): boolean {
    if (this.expected !== expected) return false;
    this.expected = next;
    return true;
  }
}

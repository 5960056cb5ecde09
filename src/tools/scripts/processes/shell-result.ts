import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import { JsonPrefix } from './json-prefix.js';
import { parseScriptJson, resultProblem } from './script-json.js';

/** JSON that has begun and is not complete yet. */
interface Block {
  prefix: JsonPrefix;
  lines: string[];
}

/**
 * Finds the result in the output of a shell script: the last complete object,
 * on a line of its own or over several (`jq .`), and never an object inside
 * another one. Every other line is log.
 */
export class ShellResult {
  private found: { lines: string[]; value: JsonObject } | undefined;
  private block: Block | undefined;
  private broken: { by: string; indent: number } | undefined;
  private lastLine = '';
  private hadList = false;
  private wasCut = false;

  constructor(private readonly log: (line: string) => void) {}

  get value(): JsonObject | undefined {
    return this.found?.value;
  }

  push(line: string): void {
    if (line.trim() !== '') this.lastLine = line;
    if (this.block) this.goOn(this.block, line);
    else this.begin(line);
  }

  /** Call it when no more lines can come. */
  end(): void {
    this.wasCut = this.block !== undefined;
    this.release();
  }

  /**
   * The reason why there is no result, as the end of a sentence about the
   * script; undefined when there is a result.
   */
  get problem(): string | undefined {
    const last = `its last line was: ${this.lastLine.slice(0, 200)}`;
    if (this.wasCut) return `printed incomplete JSON; ${last}`;
    if (this.found) return numberProblemIn(this.found.lines.join('\n'));
    if (this.broken)
      return `printed JSON that is interrupted by the line: ${this.broken.by.slice(0, 200)}`;
    if (this.hadList)
      return `printed a list where the result must be a JSON object, such as {"items": […]}; ${last}`;
    if (this.lastLine) return `printed no line that is a JSON object; ${last}`;
    return 'printed nothing; its last line must be the result as a JSON object, {} for none';
  }

  private begin(line: string): void {
    if (!/^\s*[{[]/.test(line)) return this.log(line);
    const block = { prefix: new JsonPrefix(), lines: [line] };
    const state = block.prefix.take(line);
    if (state === 'open') this.block = block;
    else if (state === 'broken' || state.after.trim() !== '') this.log(line);
    else this.take([line]);
  }

  private goOn(block: Block, line: string): void {
    const state = block.prefix.take(line);
    if (state === 'broken') return this.breakOff(block, line);
    if (state === 'open') return void block.lines.push(line);
    this.block = undefined;
    const end = line.length - state.after.length;
    this.take([...block.lines, line.slice(0, end)]);
    if (state.after.trim() !== '') this.log(state.after);
  }

  /**
   * Ends a block that turned out not to be JSON. A single line `{` may be a log
   * line; after several lines, the objects further inside the block must not be
   * taken for the result.
   */
  private breakOff({ lines }: Block, line: string): void {
    if (lines.length > 1) this.broken = { by: line, indent: indentOf(lines[0]!) };
    this.release();
    this.begin(line);
  }

  private release(): void {
    const { block } = this;
    this.block = undefined;
    block?.lines.forEach(this.log);
  }

  private take(lines: string[]): void {
    const value = parseScriptJson(lines.join('\n'));
    const isInside = this.broken !== undefined && indentOf(lines[0]!) > this.broken.indent;
    if (!isObject(value)) this.hadList = true;
    if (!isObject(value) || isInside) return lines.forEach(this.log);
    this.found?.lines.forEach(this.log);
    this.found = { lines, value };
  }
}

function numberProblemIn(text: string): string | undefined {
  const problem = resultProblem(text, JSON.parse(text) as Json);
  return problem && `printed a result that cannot be used: ${problem}`;
}

const indentOf = (line: string) => /^\s*/.exec(line)![0].length;

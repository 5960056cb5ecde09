import { MOST_CALLS } from '../../../contracts/model.js';
import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { AnswerPieces } from './answer-pieces.js';
import { mergePiece } from './merge-piece.js';

/** Puts a streamed answer of Chat Completions together. Its end is the event `[DONE]`, or that of the response. */
export class OpenaiPieces implements AnswerPieces {
  readonly hasEnded = false;
  private choice: Json | undefined;
  private message: JsonObject | undefined;
  private finish: Json = null;
  private usage: JsonObject | undefined;
  private readonly calls: JsonObject[] = [];
  private readonly callAt = new Map<Json, JsonObject>();

  get isWhole(): boolean {
    return this.finish !== null;
  }

  get body(): JsonObject {
    const { message, calls, finish, usage } = this;
    const whole = { ...message, ...(calls.length > 0 && { tool_calls: calls }) };
    return {
      choices: message ? [{ message: whole, finish_reason: finish }] : [],
      ...(usage && { usage }),
    };
  }

  add({ choices, usage }: JsonObject): string {
    if (isObject(usage)) this.usage = usage;
    const given = Array.isArray(choices) ? choices.filter(isObject) : [];
    return given.map((choice) => this.addChoice(choice)).join('');
  }

  /** Of several answers the first one is read. */
  private addChoice({ index = 0, delta, message, finish_reason = null }: JsonObject): string {
    this.choice ??= index;
    if (index !== this.choice) return '';
    this.finish = finish_reason ?? this.finish;
    const piece = isObject(delta) ? delta : message;
    if (!isObject(piece)) return '';
    const { tool_calls, ...rest } = piece;
    this.message ??= {};
    mergePiece(this.message, rest);
    const calls = Array.isArray(tool_calls) ? tool_calls.filter(isObject) : [];
    for (const call of calls) this.addCall(call);
    return textIn(rest.content);
  }

  private addCall({ index, ...piece }: JsonObject): void {
    const call = this.begunCall(index, piece) ?? this.newCall(index);
    if (call) mergePiece(call, piece);
  }

  /**
   * The call that a piece continues: the one of its index, or else the last one. A piece with a name and an id of its
   * own begins another call: some servers give the same index to all.
   */
  private begunCall(index: Json | undefined, piece: JsonObject): JsonObject | undefined {
    const begun = index === undefined ? this.calls.at(-1) : this.callAt.get(index);
    if (!begun || !nameOf(piece)) return begun;
    const isOther = piece.id ? piece.id !== begun.id : index === undefined;
    return isOther ? undefined : begun;
  }

  private newCall(index: Json | undefined): JsonObject | undefined {
    if (this.calls.length >= MOST_CALLS) return undefined;
    const call: JsonObject = {};
    this.calls.push(call);
    if (index !== undefined) this.callAt.set(index, call);
    return call;
  }
}

const nameOf = ({ function: called, name }: JsonObject): Json | undefined =>
  isObject(called) ? called.name : name;

/** The text of a piece of content; reasoning parts are left out. */
function textIn(content: Json | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.map((part) => {
    if (!isObject(part)) return typeof part === 'string' ? part : '';
    const isShown = typeof part.text === 'string' && !/think|reason/.test(String(part.type));
    return isShown ? (part.text as string) : '';
  });
  return texts.join('');
}

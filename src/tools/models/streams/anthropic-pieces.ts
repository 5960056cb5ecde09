import { isObject, type Json, type JsonObject } from '../../../contracts/json/json.js';
import type { AnswerPieces } from './answer-pieces.js';

/** A block of content, and what has arrived of the JSON of its input. */
interface Block {
  block: JsonObject;
  input: string;
}

/** The field that each kind of piece continues, and the block that it begins where the server did not. */
const CONTINUES: Readonly<Record<string, { field: string; type?: string }>> = {
  text_delta: { field: 'text', type: 'text' },
  thinking_delta: { field: 'thinking', type: 'thinking' },
  signature_delta: { field: 'signature' },
};

/** Puts a streamed answer of Anthropic's Messages API together. */
export class AnthropicPieces implements AnswerPieces {
  hasEnded = false;
  private message: JsonObject | undefined;
  private stop: JsonObject = {};
  private readonly usage: JsonObject = {};
  private readonly blocks: Block[] = [];
  private readonly blockAt = new Map<Json, Block>();

  get isWhole(): boolean {
    return this.hasEnded || typeof this.stop.stop_reason === 'string';
  }

  get body(): JsonObject {
    const isBegun = this.message !== undefined || this.blocks.length > 0;
    return {
      ...this.message,
      ...this.stop,
      ...(isBegun && { content: this.blocks.map(wholeBlock) }),
      usage: this.usage,
    };
  }

  add(event: JsonObject): string {
    const { type, index = this.blocks.length - 1, content_block, delta, usage } = event;
    if (type === 'message_start') return this.begin(isObject(event.message) ? event.message : {});
    if (type === 'content_block_start') return this.beginBlock(index, content_block);
    if (type === 'content_block_delta' && isObject(delta)) return this.addDelta(index, delta);
    if (type === 'message_delta') {
      if (isObject(delta)) Object.assign(this.stop, present(delta));
      this.count(usage);
    }
    if (type === 'message_stop') this.hasEnded = true;
    return '';
  }

  private begin({ content, usage, ...message }: JsonObject): string {
    this.message = present(message);
    this.count(usage);
    const blocks = Array.isArray(content) ? content : [];
    return blocks.map((block, index) => this.beginBlock(index, block)).join('');
  }

  private beginBlock(index: Json, block: Json | undefined): string {
    if (!isObject(block)) return '';
    const begun = { block: { ...block }, input: '' };
    this.blocks.push(begun);
    this.blockAt.set(index, begun);
    return block.type === 'text' && typeof block.text === 'string' ? block.text : '';
  }

  private addDelta(index: Json, delta: JsonObject): string {
    const { field, type } = CONTINUES[String(delta.type)] ?? {};
    if (!this.blockAt.has(index) && type) this.beginBlock(index, { type });
    const begun = this.blockAt.get(index) ?? this.blocks.at(-1);
    if (!begun) return '';
    const { partial_json, citation } = delta;
    if (typeof partial_json === 'string') begun.input += partial_json;
    if (citation !== undefined) citationsOf(begun.block).push(citation);
    const piece = field === undefined ? undefined : delta[field];
    if (typeof piece !== 'string') return '';
    begun.block[field!] = `${textOrNone(begun.block[field!])}${piece}`;
    return field === 'text' ? piece : '';
  }

  /** The first counts are those of the input; later ones replace them, except with zeros of servers that do not count. */
  private count(usage: Json | undefined): void {
    if (!isObject(usage)) return;
    for (const [name, value] of Object.entries(usage))
      if (typeof value === 'number' && (value > 0 || !(name in this.usage)))
        this.usage[name] = value;
  }
}

const textOrNone = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function citationsOf(block: JsonObject): Json[] {
  if (!Array.isArray(block.citations)) block.citations = [];
  return block.citations;
}

const present = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** The input of a call stays text: it is parsed where all arguments are. That of other blocks is sent back as it came. */
function wholeBlock({ block, input }: Block): JsonObject {
  if (input.trim() === '') return block;
  return { ...block, input: block.type === 'tool_use' ? input : parsed(input) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

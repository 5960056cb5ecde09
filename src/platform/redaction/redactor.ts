import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json/json.js';
import { encodingsOf } from './encodings.js';
import { maskKeyShapes } from './key-shapes.js';
import { GRAM, SecretMatcher } from './secret-matcher.js';

/** Mark for a key whose name is unknown. */
const UNKNOWN = '«secret»';
/** Number of values to remember; beyond it the oldest are forgotten. */
const MAX_VALUES = 2_000;
const MAX_CAUSES = 5;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Shorter values would match in ordinary text. */
export const MIN_SECRET_LENGTH = GRAM;

/**
 * Removes secrets from all data that leaves a worker: every value that was
 * resolved in this process, in any encoding, becomes `«secret:name»`; a text in
 * the format of a well-known key becomes `«secret»`. There is one redactor per
 * process.
 */
export class Redactor {
  private readonly known = new Map<string, string>();
  private matcher: SecretMatcher | undefined;
  /**
   * Whether a known value is numeric, so that numbers must be checked as well.
   */
  private numeric = false;

  /** Registers a value. Returns true when it was not known before. */
  learn(name: string, value: string): boolean {
    const key = `${name}\0${value}`;
    if (this.known.has(key) || value.length < MIN_SECRET_LENGTH) return false;
    this.known.set(key, name);
    const full = this.known.size > MAX_VALUES;
    if (full) this.known.delete(this.known.keys().next().value!);
    const fresh = full ? [...this.known.keys()] : [key];
    if (full) this.matcher = undefined;
    for (const each of fresh) this.index(each);
    return true;
  }

  /** Replaces the secrets in a text. */
  text(text: string): string {
    return this.replace(text, false);
  }

  /**
   * Replaces the secrets in a text that may have been cut: a log line, the end
   * of an output, a message.
   */
  line(text: string): string {
    return this.replace(text, true);
  }

  /**
   * Replaces the secrets in a value, keys included; returns the same object
   * when there are none.
   */
  json<T extends Json>(value: T): T {
    return this.walk(value) as T;
  }

  /**
   * The mark of a resolved secret that the text contains; undefined when it
   * contains none.
   */
  secretIn(text: string): string | undefined {
    return this.matcher?.first(text);
  }

  /** Replaces the secrets in an error and its causes, in place. */
  error<T>(thrown: T, depth = 0): T {
    if (!(thrown instanceof Error))
      return (typeof thrown === 'string' ? this.line(thrown) : thrown) as T;
    const { message, stack, cause } = thrown;
    const changes: Record<string, unknown> = {};
    const clean = this.line(message);
    if (clean !== message) changes['message'] = clean;
    if (stack !== undefined && this.line(stack) !== stack) changes['stack'] = this.line(stack);
    if (thrown instanceof MissionError) {
      const data = thrown.data === undefined ? undefined : this.walk(thrown.data, true);
      if (data !== thrown.data) changes['data'] = data;
      if (this.text(thrown.code) !== thrown.code) changes['code'] = 'script_error';
    }
    if (cause !== undefined) {
      const clean = depth < MAX_CAUSES ? this.error(cause, depth + 1) : undefined;
      if (clean !== cause) changes['cause'] = clean;
    }
    return Object.assign(thrown, changes);
  }

  private index(key: string): void {
    this.matcher ??= new SecretMatcher();
    const value = key.slice(key.indexOf('\0') + 1);
    const mark = `«secret:${this.known.get(key)}»`;
    for (const text of encodingsOf(value)) this.matcher.add(text, mark);
    this.numeric ||= NUMBER.test(value);
  }

  private replace(text: string, cut: boolean): string {
    return maskKeyShapes(this.matcher?.replace(text, cut) ?? text, UNKNOWN);
  }

  private walk(value: Json, cut = false): Json {
    if (typeof value === 'string') return this.replace(value, cut);
    if (typeof value === 'number') return this.number(value);
    if (Array.isArray(value)) return this.list(value, cut);
    return isObject(value) ? this.object(value, cut) : value;
  }

  private number(value: number): Json {
    if (!this.numeric) return value;
    const text = String(value);
    const clean = this.text(text);
    return clean === text ? value : clean;
  }

  private list(list: Json[], cut: boolean): Json[] {
    let copy: Json[] | undefined;
    for (let at = 0; at < list.length; at++) {
      const clean = this.walk(list[at]!, cut);
      if (clean !== list[at]) (copy ??= [...list])[at] = clean;
    }
    return copy ?? list;
  }

  private object(object: JsonObject, cut: boolean): JsonObject {
    let changed = false;
    const entries = Object.entries(object).map(([key, value]): [string, Json] => {
      const clean: [string, Json] = [this.replace(key, false), this.walk(value, cut)];
      changed ||= clean[0] !== key || clean[1] !== value;
      return clean;
    });
    return changed ? Object.fromEntries(entries) : object;
  }
}

import { MissionError } from '../../contracts/errors.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { frontMatter } from '../../platform/files/front-matter.js';
import type { KnowledgeEntry } from './entry.js';
import type { LearnedEntry } from './knowledge-rows.js';

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const MAX_CONTENT = 256 * 1024;
const MAX_TEXT = 300;

const invalid = (text: string) => new MissionError('input_invalid', text);

/**
 * An entry of the parameters of `create` or `update`. Facts may also stand as front matter in `content`; what is given
 * beside it counts more, and what an update does not name stays as it was.
 * @throws MissionError `input_invalid`
 */
export function learnedEntry(
  id: string,
  parameters: JsonObject,
  { before, source }: { before: KnowledgeEntry | undefined; source: string },
): LearnedEntry {
  if (!ID.test(id))
    throw invalid(
      `${JSON.stringify(id.slice(0, 80))} is not an id for knowledge: use up to 128 letters, digits, ".", "_" and "-".`,
    );
  const { facts, text } = frontMatter(textOf(parameters, 'content') ?? '');
  const given = { ...facts, ...parameters };
  const content = parameters['content'] === undefined ? (before?.text ?? '') : text;
  if (content.trim() === '') throw invalid('"content" is missing: the text of the note.');
  if (Buffer.byteLength(content) > MAX_CONTENT) throw invalid('"content" is over 256 KiB.');
  const heading = /^#\s+(.+)$/m.exec(content)?.[1];
  return {
    id,
    content,
    title: lineOf(given, 'title') ?? before?.title ?? heading ?? id,
    category: lineOf(given, 'category') ?? before?.category ?? '',
    confidence: confidenceOf(given['confidence']) ?? before?.learned?.confidence ?? 1,
    source: lineOf(given, 'source') ?? before?.learned?.source ?? source,
  };
}

function textOf(given: JsonObject, name: string): string | undefined {
  const value = given[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`"${name}" must be a text.`);
}

function lineOf(given: JsonObject, name: string): string | undefined {
  const value = textOf(given, name)?.trim();
  if (value === undefined || (value.length <= MAX_TEXT && !/[\r\n\0]/.test(value))) return value;
  throw invalid(`"${name}" must be one line of at most ${MAX_TEXT} characters.`);
}

function confidenceOf(value: Json | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw invalid('"confidence" must be a number from 0 to 1.');
}

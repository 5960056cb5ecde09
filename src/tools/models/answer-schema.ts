import { MissionError } from '../../contracts/errors.js';
import { isObject, type Json, type JsonObject } from '../../contracts/json.js';

/** What an answer must be. */
export interface AnswerSchema {
  /** What the model is told: every provider understands it. */
  instruction: string;
  /** The object in an answer, or what is wrong with it. */
  read(text: string): { output: JsonObject } | { problem: string };
}

const FENCED = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/;
/** As many problems as a model can do something about. */
const MOST = 10;

/**
 * Prepares a JSON Schema. What validates is loaded when it is needed: few workers ever do.
 * @throws MissionError `input_invalid` for one that is none
 */
export async function answerSchema(schema: JsonObject): Promise<AnswerSchema> {
  const { Ajv } = await import('ajv');
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const validate = compiled(() => ajv.compile(schema));
  return {
    instruction: `Answer with one JSON object that satisfies this JSON Schema, and with nothing else, neither before nor after it:\n${JSON.stringify(schema)}`,
    read(text) {
      const trimmed = text.trim();
      const value = parsed(FENCED.exec(trimmed)?.[1] ?? trimmed);
      if (!isObject(value)) return { problem: 'it is no JSON object' };
      if (validate(value)) return { output: value };
      return { problem: ajv.errorsText(validate.errors?.slice(0, MOST), { dataVar: 'answer' }) };
    },
  };
}

function compiled<T>(compile: () => T): T {
  try {
    return compile();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    const text = `output_schema is no JSON Schema: ${reason}`;
    throw new MissionError('input_invalid', text, undefined, { cause: thrown });
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

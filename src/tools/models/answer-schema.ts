import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json.js';
import { objectsInText } from './objects-in-text.js';

/** What an answer must be. */
export interface AnswerSchema {
  /** What the model is told: every provider understands it. */
  instruction: string;
  /** The object in an answer, or what is wrong with it. */
  read(text: string): { output: JsonObject } | { problem: string };
}

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
      const found = objectsInText(text);
      const [likely] = found;
      if (likely === undefined) return { problem: 'it is no JSON object' };
      const fit = found.find(({ object, problem }) => problem === undefined && validate(object));
      if (fit) return { output: fit.object };
      if (likely.problem !== undefined) return { problem: likely.problem };
      validate(likely.object);
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

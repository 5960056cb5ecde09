import { MissionError } from '../../../contracts/errors.js';
import type { JsonObject } from '../../../contracts/json/json.js';
import { objectsInText } from './objects-in-text.js';

/** The schema that an answer must satisfy. */
export interface AnswerSchema {
  /** The instruction to the model; it works with every provider. */
  instruction: string;
  /**
   * Returns the object in an answer, or the reason why the answer is not valid.
   */
  read(text: string): { output: JsonObject } | { problem: string };
}

/**
 * Prepares a JSON Schema. The validator is loaded on demand, because few
 * workers need it.
 * @throws MissionError `input_invalid` for an invalid schema
 */
export async function answerSchema(schema: JsonObject): Promise<AnswerSchema> {
  const { compileSchema } = await import('../../../language/schema/compile-schema.js');
  const compiled = compileSchema(schema);
  if (!('problemOf' in compiled)) {
    const text = `output_schema is not a valid JSON Schema: ${compiled.message}`;
    throw new MissionError('input_invalid', text);
  }
  const fits = (value: JsonObject) => compiled.problemOf(value) === undefined;
  return {
    instruction: `Answer with one JSON object that satisfies this JSON Schema, and with nothing else, neither before nor after it:\n${JSON.stringify(schema)}`,
    read(text) {
      const found = objectsInText(text);
      const [likely] = found;
      if (likely === undefined) return { problem: 'it is not a JSON object' };
      const fit = found.find(({ object, problem }) => problem === undefined && fits(object));
      if (fit) return { output: fit.object };
      if (likely.problem !== undefined) return { problem: likely.problem };
      return { problem: compiled.problemOf(likely.object)! };
    },
  };
}

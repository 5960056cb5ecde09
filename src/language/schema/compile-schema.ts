import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { type Dialect, dialectOf } from './dialect.js';

/** The problem of a schema. */
export interface SchemaProblem {
  message: string;
  hint?: string;
  /** Keys that lead to the problem in the schema. */
  path: string[];
}

/** A compiled schema. */
export interface CompiledSchema {
  /**
   * Describes the problems of a value in words, a limited number of them; undefined if the value satisfies the schema.
   */
  problemOf(value: Json): string | undefined;
}

/** Most problems that are reported at once. */
const MOST = 10;
const OPTIONS: Options = { strict: false, allErrors: true, validateFormats: false, logger: false };
const CLASSES: Readonly<Record<Dialect, new (options: Options) => Ajv>> = {
  '2020-12': Ajv2020,
  '2019-09': Ajv2019,
  'draft-07': Ajv,
};

/** Compiles a JSON Schema in its own dialect. */
export function compileSchema(schema: JsonObject): CompiledSchema | SchemaProblem {
  const dialect = dialectOf(schema);
  if (typeof dialect !== 'string') return { ...dialect, path: ['$schema'] };
  const ajv = new CLASSES[dialect](OPTIONS);
  const named = Object.entries(schema).filter(([key]) => key !== '$schema');
  const plain: JsonObject = Object.fromEntries(named);
  if (!ajv.validateSchema(plain)) return invalid(ajv.errors ?? []);
  const validate = compiled(ajv, plain);
  if (typeof validate !== 'function') return validate;
  return {
    problemOf: (value) =>
      validate(value)
        ? undefined
        : ajv.errorsText(validate.errors?.slice(0, MOST), { dataVar: 'answer' }),
  };
}

function compiled(ajv: Ajv, schema: JsonObject): ValidateFunction | SchemaProblem {
  try {
    return ajv.compile(schema);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { message, path: [] };
  }
}

/** The deepest problem that the dialect's meta-schema finds; enclosing problems follow from it. */
function invalid(errors: readonly ErrorObject[]): SchemaProblem {
  const pathOf = ({ instancePath }: ErrorObject): string[] =>
    instancePath
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [deepest] = errors.toSorted((a, b) => pathOf(b).length - pathOf(a).length);
  const path = deepest ? pathOf(deepest) : [];
  const what = path.length > 0 ? `"${path.at(-1)}"` : 'it';
  const message = `${what} ${deepest?.message ?? 'is not a valid JSON Schema'}`;
  const allowed = deepest?.params.allowedValues as Json[] | undefined;
  return { message, path, ...(allowed && { hint: `use one of ${allowed.join(', ')}` }) };
}

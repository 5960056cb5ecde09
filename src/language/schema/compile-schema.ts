import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from '../../contracts/json/json.js';
import { type Dialect, dialectOf } from './dialect.js';

/** What is wrong with a schema. */
export interface SchemaProblem {
  message: string;
  hint?: string;
  /** Where in it: the keys that lead there. */
  path: string[];
}

/** A schema made ready. */
export interface CompiledSchema {
  /** What is wrong with a value, in words, at most so many; undefined where it satisfies the schema. */
  problemOf(value: Json): string | undefined;
}

/** As many problems as somebody can do something about. */
const MOST = 10;
const OPTIONS: Options = { strict: false, allErrors: true, validateFormats: false, logger: false };
const CLASSES: Readonly<Record<Dialect, new (options: Options) => Ajv>> = {
  '2020-12': Ajv2020,
  '2019-09': Ajv2019,
  'draft-07': Ajv,
};

/** Prepares a JSON Schema, in the dialect that it is written in. */
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

/** The deepest of the problems that the dialect's own schema finds: those around it follow from it. */
function invalid(errors: readonly ErrorObject[]): SchemaProblem {
  const pathOf = ({ instancePath }: ErrorObject): string[] =>
    instancePath
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [deepest] = errors.toSorted((a, b) => pathOf(b).length - pathOf(a).length);
  const path = deepest ? pathOf(deepest) : [];
  const what = path.length > 0 ? `"${path.at(-1)}"` : 'it';
  const message = `${what} ${deepest?.message ?? 'is no JSON Schema'}`;
  const allowed = deepest?.params.allowedValues as Json[] | undefined;
  return { message, path, ...(allowed && { hint: `use one of ${allowed.join(', ')}` }) };
}

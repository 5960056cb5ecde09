import { automationSchema } from '../../src/automations/definition/automation-schema.js';
import { calendarSchema } from '../../src/automations/definition/sync-calendars.js';
import { readYaml } from '../../src/platform/files/read-yaml.js';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse, stringify } from 'yaml';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { readConfigFile } from '../../src/platform/config/config-file.js';
import type { ConfigFault } from '../../src/platform/config/config-fault.js';
import { readProjectManifest } from '../../src/platform/library/project-manifest.js';
import { ROOT } from '../support/instance.js';
import type { Block } from './page.js';
import { catalogFor } from './snippet-catalog.js';

const schemaOf = (file: string) =>
  new Ajv({ allErrors: true, strict: false }).compile(
    JSON.parse(readFileSync(join(ROOT, 'schema', file), 'utf8')) as JsonObject,
  );
const isDirective = schemaOf('directive.schema.json');
const isTests = schemaOf('test.schema.json');

const CONFIGURATION = [
  'mcp_servers',
  'models',
  'tiers',
  'api',
  'scripts',
  'secrets',
  'limits',
  'retention',
];
const MANIFEST = ['description', 'inputs'];

/** What a part of a directive leaves out: a name, and the inputs that it reads. */
function headerOf(text: string): JsonObject {
  const read = [...text.matchAll(/\binputs\.([a-z]\w*)/g)].map(([, name]) => [name!, {}] as const);
  return { name: 'snippet', version: '1.0.0', inputs: Object.fromEntries(read) };
}

/** What is wrong with a snippet: a directive or a part of one, tests, mission.yaml or a script's manifest. */
export async function yamlProblems({ text }: Pick<Block, 'text'>): Promise<string[]> {
  const value = parse(text) as Json;
  if (Array.isArray(value))
    return directiveProblems(stringify({ ...headerOf(text), steps: value }));
  const keys = Object.keys(value as JsonObject);
  const isOnly = (known: string[]) => keys.every((key) => known.includes(key));
  if (keys.includes('tests')) return isTests(value) ? [] : texts(isTests.errors);
  if (keys.includes('name') && keys.includes('steps')) return directiveProblems(text);
  if (keys.includes('trigger_type')) return schemaProblems(text, automationSchema);
  if (keys.includes('dates')) return schemaProblems(text, calendarSchema);
  if (isOnly(CONFIGURATION)) return inFile(text, configurationProblems);
  if (isOnly(MANIFEST)) return inFile(text, manifestProblems);
  return directiveProblems(
    stringify({ ...headerOf(text), steps: [{ return: null }], ...(value as JsonObject) }),
  );
}

function directiveProblems(text: string): string[] {
  const value = parse(text) as JsonObject;
  const { diagnostics } = compileDirective(text, catalogFor(value));
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const structure = isDirective(value) ? [] : texts(isDirective.errors);
  return [...structure, ...errors.map(({ line, message }) => `${line}: ${message}`)];
}

function configurationProblems(file: string): string[] {
  const faults: ConfigFault[] = [];
  const variables = new Proxy({}, { get: () => 'value', has: () => true });
  readConfigFile(file, variables, faults);
  return faults.map(({ where, message }) => `${where} ${message}`);
}

const manifestProblems = async (file: string): Promise<string[]> =>
  (await readProjectManifest(file)) ? [] : ['it is no manifest of a script'];

async function inFile(
  text: string,
  problems: (file: string) => string[] | Promise<string[]>,
): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'mission-docs-'));
  try {
    writeFileSync(join(directory, 'snippet.yaml'), text);
    return await problems(join(directory, 'snippet.yaml'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const texts = (errors: typeof isTests.errors): string[] =>
  (errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

const schemaProblems = (text: string, schema: Parameters<typeof readYaml>[1]): string[] =>
  readYaml(text, schema, 'the page').faults.map(({ line, message }) => `${line}: ${message}`);

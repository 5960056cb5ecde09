import type { Catalog, DirectiveSummary } from '../../src/contracts/catalog.js';
import type { ProjectScript } from '../../src/contracts/script.js';
import type { Json, JsonObject } from '../../src/contracts/json/json.js';
import { CATALOG } from '../language/catalog.js';

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mapsIn(value: Json | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(mapsIn);
  return isMap(value) ? [value, ...Object.values(value).flatMap(mapsIn)] : [];
}

const textsOf = (maps: JsonObject[], ...keys: string[]): string[] =>
  maps.flatMap((map) =>
    keys.flatMap((key) => [map[key]].flat()).filter((each) => typeof each === 'string'),
  );

/** A project in which everything is there that a snippet names. */
export function catalogFor(snippet: JsonObject): Catalog {
  const maps = mapsIn(snippet);
  const tools = textsOf(maps, 'tools');
  const servers = tools.flatMap((tool) => (tool.includes('/') ? [tool.split('/')[0]!] : []));
  const scripts = [
    ...textsOf(maps, 'script', 'tool'),
    ...tools.filter((tool) => !tool.includes('/')),
  ];
  return {
    ...CATALOG,
    projectScripts: new Map(scripts.filter((name) => !CATALOG.scripts.has(name)).map(scriptOf)),
    mcpServers: new Set([...textsOf(maps, 'server'), ...servers]),
    models: { names: new Set([...textsOf(maps, 'model'), 'default']), default: 'default' },
    directives: new Map(maps.flatMap(childOf)),
  };
}

function scriptOf(text: string): [string, ProjectScript] {
  const [name = '', language = 'js'] = text.split('.');
  return [name, { name, language: language as ProjectScript['language'], file: `/p/${text}` }];
}

/** A directive that a step runs, of the newest version that the step takes and with the inputs that it gives. */
function childOf({ directive, inputs }: JsonObject): [string, DirectiveSummary][] {
  if (typeof directive !== 'string') return [];
  const [name = '', range = '1.0.0'] = directive.split('@');
  const given = isMap(inputs) ? Object.keys(inputs) : [];
  const version = range.replace(/^[^\d]*/, '');
  const declared = Object.fromEntries(given.map((key) => [key, { required: false }]));
  return [[name, { name, version, inputs: declared, calls: [] }]];
}

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const SHARED = ['contracts', 'language', 'platform', 'runs', 'observation', 'access'];
const FEATURES = ['threads', 'automations', 'knowledge', 'tools'];
const SERVICES = [...SHARED, ...FEATURES, 'kernel'];

/** Which folders of src a folder may import; `type:x` = types of x only. */
const ALLOWED: Record<string, string[]> = {
  contracts: [],
  language: ['contracts'],
  workflows: ['contracts', 'language', 'type:activities'],
  platform: ['contracts'],
  runs: ['contracts', 'platform'],
  observation: ['contracts', 'platform'],
  access: SHARED.slice(0, 5),
  threads: SHARED,
  automations: SHARED,
  knowledge: SHARED,
  tools: SHARED,
  kernel: [...SHARED, ...FEATURES],
  activities: SERVICES,
  wrappers: ['contracts', 'platform', 'threads'],
  supervisor: ['contracts', 'platform'],
  cli: ['contracts', 'language', 'platform', 'supervisor'],
  api: [...SERVICES, 'wrappers'],
  workers: [...SERVICES, 'activities', 'workflows', 'wrappers'],
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const files = globSync('src/**/*.ts', { cwd: ROOT });
const text = new Map(
  files.map((file) => [file, withoutComments(readFileSync(join(ROOT, file), 'utf8'))]),
);
const imports = files.flatMap(importsOf);

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

function importsOf(from: string): Import[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^'"`;]*?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]/g;
  return [...text.get(from)!.matchAll(pattern)].map(([, type, plain, lazy]) => {
    const path = join(ROOT, dirname(from), (plain ?? lazy)!);
    return { from, to: relative(ROOT, path).replace(/\.js$/, '.ts'), typeOnly: type !== undefined };
  });
}

const folder = (file: string) => file.split('/')[1]!;

function isAllowed({ from, to, typeOnly }: Import): boolean {
  if (folder(from) === folder(to) || !to.startsWith('src/')) return true;
  const allowed = ALLOWED[folder(from)] ?? [];
  return allowed.includes(folder(to)) || (typeOnly && allowed.includes(`type:${folder(to)}`));
}

/** The rings of a graph, each as `a -> b -> a`. */
function rings(edges: [string, string][]): string[] {
  const next = Map.groupBy(edges, ([from]) => from);
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (node: string, trail: string[]): void => {
    if (trail.includes(node)) found.push([...trail.slice(trail.indexOf(node)), node].join(' -> '));
    if (done.has(node) || trail.includes(node)) return;
    for (const [, to] of next.get(node) ?? []) visit(to, [...trail, node]);
    done.add(node);
  };
  for (const node of next.keys()) visit(node, []);
  return found;
}

describe('architecture', () => {
  test('every folder of src is in the table', () => {
    expect([...new Set(files.map(folder))].filter((name) => !(name in ALLOWED))).toEqual([]);
  });

  test('imports follow the table', () => {
    const wrong = imports.filter((edge) => !isAllowed(edge));
    expect(wrong.map(({ from, to }) => `${from} must not import ${to}`)).toEqual([]);
  });

  test('there are no import rings', () => {
    const runtime = imports.filter(({ typeOnly }) => !typeOnly);
    expect(rings(runtime.map(({ from, to }) => [from, to]))).toEqual([]);
    const between = runtime.filter(({ from, to }) => folder(from) !== folder(to));
    expect(rings(between.map(({ from, to }) => [folder(from), folder(to)]))).toEqual([]);
  });

  test('only src/platform/config* reads process.env', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(text.get(file)!));
    expect(readers.filter((file) => !file.startsWith('src/platform/config'))).toEqual([]);
  });

  test('every path that ARCHITECTURE.md names exists', () => {
    const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
    const named = [
      ...page.matchAll(/`((?:src|test|bin|directives|docs|examples|schema)\/[^\s`]*)`/g),
    ];
    expect(named.map(([, path]) => path!).filter((path) => !existsSync(join(ROOT, path)))).toEqual(
      [],
    );
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const MOST_FILES = 20;

/** Rows of the table of folders: `| src/NAME/ | what | may import |`, from the lowest to the highest. */
const ROWS = [...PAGE.matchAll(/^\| `src\/(\w+)\/` +\|[^|]*\|([^|]*)\|$/gm)].map(
  ([, name, rule]) => ({ name: name!, rule: rule!.trim() }),
);
const NAMES = ROWS.map(({ name }) => name);

/** What a row allows: names of folders, `language/run` for a part of one, `type:x` for types of x only. */
function allowedBy(rule: string, at: number): string[] {
  if (rule === 'nothing') return [];
  if (rule === 'the rows above') return NAMES.slice(0, at);
  return rule.split(', ').flatMap((part) => {
    const [, first, last] = /^(\w+) to (\w+)$/.exec(part) ?? [];
    if (first) return NAMES.slice(NAMES.indexOf(first), NAMES.indexOf(last!) + 1);
    return part.replace(/^types of /, 'type:');
  });
}

const ALLOWED = new Map(ROWS.map(({ name, rule }, at) => [name, allowedBy(rule, at)]));

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
  return (ALLOWED.get(folder(from)) ?? []).some((allowed) => {
    if (allowed.startsWith('type:')) return typeOnly && folder(to) === allowed.slice(5);
    return to.startsWith(`src/${allowed}/`);
  });
}

/** The rings of a graph, each as `a -> b -> a`. */
function rings(edges: [string, string][]): string[] {
  const next = Map.groupBy(
    edges.filter(([from, to]) => from !== to),
    ([from]) => from,
  );
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

describe('the table of ARCHITECTURE.md', () => {
  test('names every folder of src', () => {
    const folders = [...new Set(files.map(folder))];
    expect(folders.filter((name) => !NAMES.includes(name))).toEqual([]);
    expect(NAMES.filter((name) => !folders.includes(name))).toEqual([]);
  });

  test('says what each may import, and imports follow it', () => {
    const wrong = imports.filter((edge) => !isAllowed(edge));
    expect(wrong.map(({ from, to }) => `${from} must not import ${to}`)).toEqual([]);
  });
});

describe('imports go one way', () => {
  test('between files, types included', () => {
    expect(rings(imports.map(({ from, to }) => [from, to]))).toEqual([]);
  });

  test('between folders', () => {
    const own = imports.filter(({ from, to }) => folder(from) === folder(to));
    expect(rings(own.map(({ from, to }) => [dirname(from), dirname(to)]))).toEqual([]);
    const values = imports.filter(({ typeOnly }) => !typeOnly);
    expect(rings(values.map(({ from, to }) => [folder(from), folder(to)]))).toEqual([]);
  });
});

test(`no folder of src has more than ${MOST_FILES} files`, () => {
  const sizes = Map.groupBy(files, dirname);
  const full = [...sizes].filter(([, inside]) => inside.length > MOST_FILES);
  expect(full.map(([name, inside]) => `${name}: ${inside.length}`)).toEqual([]);
});

test('tests stand where their sources do', () => {
  const folders = new Set([...files.map((file) => dirname(file).slice('src/'.length))]);
  const tests = globSync('test/**/*.test.ts', { cwd: ROOT }).map((file) => dirname(file));
  const mirrored = tests
    .map((name) => name.slice('test/'.length))
    .filter((name) => NAMES.includes(name.split('/')[0]!));
  expect(
    [...new Set(mirrored)].filter(
      (name) => ![...folders].some((each) => each === name || each.startsWith(`${name}/`)),
    ),
  ).toEqual([]);
});

/** Files that only compose others or declare what a library reads; what they do is seen where they are used. */
const NEEDS_NO_TEST = /\/entities\/|\/migrations\/|\/main\.ts$|\.(?:module|type|input|args)\.ts$/;
/** An exported function or class, an exported constant that is a function included. */
const EXPORTS_CODE =
  /^export (?:async |abstract |default )*(?:function|class)\b|^export const \w+(?:: [^=]+)? =\s+(?:async )?(?:<[^>]+>)?(?:\(|\w+ =>)/m;
const LEAST_LINES = 50;
const UNTESTED: string[] = JSON.parse(readFileSync(join(ROOT, 'test/untested.json'), 'utf8'));

const testOf = (file: string) => file.replace(/^src\//, 'test/').replace(/\.ts$/, '.test.ts');
const isTested = (file: string) => existsSync(join(ROOT, testOf(file)));

function needsTest(file: string): boolean {
  // Comments and blank lines do not count: who explains a file owes it no test.
  const lines = text
    .get(file)!
    .split('\n')
    .filter((line) => line.trim() !== '').length;
  return lines >= LEAST_LINES && !NEEDS_NO_TEST.test(file) && EXPORTS_CODE.test(text.get(file)!);
}

describe('whoever opens a source file finds its test', () => {
  const needy = files.filter(needsTest);

  test(`of ${LEAST_LINES} lines of code or more, at the same place under test/`, () => {
    const missing = needy.filter((file) => !isTested(file) && !UNTESTED.includes(file));
    expect(missing.map((file) => `${file} needs ${testOf(file)}`)).toEqual([]);
  });

  test('and test/untested.json, which names the others, only shrinks', () => {
    expect(UNTESTED).toEqual([...new Set(UNTESTED)].sort());
    const settled = UNTESTED.filter((file) => !files.includes(file) || isTested(file));
    expect(settled.map((file) => `take ${file} off the list`)).toEqual([]);
  });
});

test('only src/platform/config reads process.env', () => {
  const readers = files.filter((file) => /\bprocess\.env\b/.test(text.get(file)!));
  expect(readers.filter((file) => !file.startsWith('src/platform/config/'))).toEqual([]);
});

test('every path that ARCHITECTURE.md and CONTRIBUTING.md name exists', () => {
  const pages = PAGE + readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const named = [
    ...pages.matchAll(/`((?:src|test|bin|directives|docs|examples|schema)\/[^\s`]*)`/g),
  ].map(([, path]) => path!);
  const real = named.filter((path) => !/[A-Z]{4}|\*/.test(path));
  expect(real.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

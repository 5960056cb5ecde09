import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse as parseGraphql, validate } from 'graphql';
import ts from 'typescript';
import { compileDirective } from '../../src/language/compile/compile.js';
import { CATALOG } from '../language/catalog.js';
import { VERB_MANIFESTS } from '../language/verb-manifests.js';
import { ROOT } from '../support/instance.js';
import { brokenLinks } from './links.js';
import { blocksOf, PAGES, type Block } from './page.js';
import { yamlProblems } from './yaml-snippet.js';

const BLOCKS = PAGES.flatMap(blocksOf);
const SCHEMA = buildSchema(readFileSync(join(ROOT, 'schema.graphql'), 'utf8'));
const named = (blocks: Block[]) =>
  blocks.map((block) => [`${block.page}:${block.line}`, block] as const);
const of = (...languages: string[]) =>
  named(BLOCKS.filter(({ language }) => languages.includes(language)));

const graphqlProblems = (text: string): string[] =>
  validate(SCHEMA, parseGraphql(text)).map(({ message }) => message);

/** Queries in a program, marked as editors know them. */
const queriesIn = (text: string): string[] =>
  [...text.matchAll(/\/\* GraphQL \*\/ `([^`]*)`/g)].map(([, query]) => query!);

function scriptProblems({ text, language }: Block): string[] {
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext };
  const { diagnostics = [] } = ts.transpileModule(text, {
    compilerOptions: options,
    reportDiagnostics: true,
    fileName: `snippet.${language}`,
  });
  return diagnostics.map(({ messageText }) => JSON.stringify(messageText));
}

describe('snippets of the pages', () => {
  it.each(of('yaml'))('%s is accepted', async (_, block) =>
    expect(await yamlProblems(block)).toEqual([]),
  );

  it.each(of('xml'))('%s is a directive', (_, { text }) => {
    const scripts = new Map([...CATALOG.scripts, ...VERB_MANIFESTS]);
    const catalog = { ...CATALOG, scripts, models: { names: new Set<string>() } };
    expect(compileDirective(`\`\`\`xml\n${text}\n\`\`\``, catalog).diagnostics).toEqual([]);
  });

  it.each(of('graphql'))('%s fits the schema', (_, { text }) =>
    expect(graphqlProblems(text)).toEqual([]),
  );

  it.each(of('js', 'ts'))('%s can be read, and its queries fit the schema', (_, block) => {
    expect(scriptProblems(block)).toEqual([]);
    expect(queriesIn(block.text).flatMap(graphqlProblems)).toEqual([]);
  });

  it.each(of('python'))('%s can be read', (_, { text }) => {
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
      input: text,
    });
  });

  it('nothing is shown that nobody can check', () => {
    const known = ['sh', 'yaml', 'xml', 'graphql', 'js', 'ts', 'python', 'json', 'sql', ''];
    const odd = BLOCKS.filter(
      ({ language, text, notRun }) =>
        notRun === undefined &&
        (!known.includes(language) ||
          (language === '' && /^(\$ )?(mission|npm|curl) /m.test(text))),
    );
    expect(odd.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  it('what is not run says why', () => {
    const reasons = BLOCKS.flatMap(({ page, line, notRun }) =>
      notRun === undefined ? [] : [`${page}:${line} ${notRun}`],
    );
    console.info(`not run:\n${reasons.join('\n')}`);
    expect(reasons.length).toBeLessThanOrEqual(20);
  });

  it('no page tells to ask a registry for the command', () => {
    const pages = [...PAGES, 'ARCHITECTURE.md'];
    const said = pages.filter((page) =>
      readFileSync(join(ROOT, page), 'utf8').includes('npx mission'),
    );
    expect(said).toEqual([]);
  });

  it('links lead to files and headings that are there', () => {
    expect(PAGES.flatMap(brokenLinks)).toEqual([]);
  });
});

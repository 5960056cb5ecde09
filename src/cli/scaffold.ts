import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SHIPPED = join(import.meta.dirname, '../../schema');

/** The schemas that the first lines of directives and tests name; a project has them beside both. */
export const SCHEMAS = ['directive.schema.json', 'test.schema.json'] as const;

/** Puts the schemas of this version into a project's `.ai`. Answers with those that were not there, or older. */
export async function putSchemas(project: string): Promise<string[]> {
  const folder = join(project, '.ai');
  await mkdir(folder, { recursive: true });
  const put: string[] = [];
  for (const name of SCHEMAS) {
    const [fresh, known] = await Promise.all([
      readFile(join(SHIPPED, name), 'utf8'),
      readFile(join(folder, name), 'utf8').catch(() => undefined),
    ]);
    if (fresh === known) continue;
    await writeFile(join(folder, name), fresh);
    put.push(join(folder, name));
  }
  return put;
}

/** A directive to begin with. */
export const newDirective = (
  name: string,
): string => `# yaml-language-server: $schema=../directive.schema.json
name: ${name}
version: 0.1.0
description: What ${name} is for
inputs:
  who: { type: string, description: Whom to greet, default: world }
permissions: []
limits: { duration_seconds: 600 }
steps:
  - name: greeting
    set: { text: 'Hello {{ inputs.who }}' }
  - return: { text: '{{ text }}' }
`;

/** A test to begin with. */
export const newTest = (
  name: string,
): string => `# yaml-language-server: $schema=../test.schema.json
directive: ${name}
tests:
  - name: greets whom it is told to
    inputs: { who: you }
    expect:
      path: [greeting]
      result: { text: Hello you }
`;

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SHIPPED = join(import.meta.dirname, '../../../schema');

/**
 * The schemas that the first lines of directives and tests refer to; a project
 * keeps them in `.ai`.
 */
export const SCHEMAS = ['directive.schema.json', 'test.schema.json'] as const;

/**
 * Copies the schemas of this version into a project's `.ai`. Returns the paths
 * of those that were missing or different.
 */
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

/**
 * The files of a new project by their relative paths: a directive with a
 * script, and a test of both.
 */
export const newProject = (): Record<string, string> => ({
  '.ai/directives/hello.yaml': HELLO,
  '.ai/scripts/greet.js': GREET,
  '.ai/tests/hello.test.yaml': HELLO_TEST,
  'mission.yaml': OPERATOR_FILE,
});

const HELLO = `# yaml-language-server: $schema=../directive.schema.json
name: hello
version: 0.1.0
description: Greets somebody, to show how a directive calls a script
inputs:
  who: { type: string, description: Whom to greet, default: world }
permissions: []
limits: { duration_seconds: 600 }
steps:
  - name: greet # .ai/scripts/greet.js
    script: greet
    inputs: { who: '{{ inputs.who }}' }
  - return: { text: '{{ result.text }}' }
`;

const GREET = `// Called by steps with "script: greet". What it returns is the step's result.
export default async ({ inputs }) => ({ text: \`Hello \${inputs.who}\` });
`;

const HELLO_TEST = `# yaml-language-server: $schema=../test.schema.json
# mission test: no script runs; "given" says what each step answers.
directive: hello
tests:
  - name: greets the given person
    inputs: { who: you }
    given:
      greet: { result: { text: Hello you } }
    expect:
      path: [greet]
      calls: { greet: [{ who: you }] }
      result: { text: Hello you }
`;

const OPERATOR_FILE = `# What directives of this project may use: MCP servers, language models, secrets, limits.
# Secrets stand here as secret://name or \${VARIABLE} only. Restart Mission Control after a change.
mcp_servers: {}
models: {}
`;

/** The text of a new directive. */
export const newDirective = (
  name: string,
): string => `# yaml-language-server: $schema=../directive.schema.json
name: ${name}
version: 0.1.0
description: The purpose of ${name}
inputs:
  who: { type: string, description: Whom to greet, default: world }
permissions: []
limits: { duration_seconds: 600 }
steps:
  - name: greeting
    set: { text: 'Hello {{ inputs.who }}' }
  - return: { text: '{{ text }}' }
`;

/** The text of a new test. */
export const newTest = (
  name: string,
): string => `# yaml-language-server: $schema=../test.schema.json
directive: ${name}
tests:
  - name: greets the given person
    inputs: { who: you }
    expect:
      path: [greeting]
      result: { text: Hello you }
`;

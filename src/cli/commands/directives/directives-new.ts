import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { NAME, NAME_HINT } from '../../../language/definition/names.js';
import { CliError, EXIT } from '../../terminal/cli-error.js';
import type { Handler } from '../../client/command-spec.js';
import { newDirective, newTest, putSchemas } from '../../project/scaffold.js';
import { ProjectContexts } from '../../project/project-context.js';

/**
 * `mission directives new NAME`: writes a first directive and test, and the
 * schemas for editors.
 */
export const newDirectiveFile: Handler = async (session, [name]) => {
  if (!NAME.test(name!)) {
    throw new CliError(
      EXIT.usage,
      'input_invalid',
      `${name} is not a valid name for a directive`,
      NAME_HINT,
    );
  }
  const { library } = await new ProjectContexts(session).of();
  const known = await library.directive(name!);
  if (known) throw taken(`a directive ${name} already exists: ${known.file}`);
  const { loadClientConfig } = await import('../../../platform/config/config-client.js');
  const { project } = loadClientConfig(session.env);
  const directive = join(project, '.ai/directives', `${name}.yaml`);
  const test = join(project, '.ai/tests', `${name}.test.yaml`);
  await writeNew(directive, newDirective(name!));
  await writeNew(test, newTest(name!));
  const schemas = await putSchemas(project);
  const files = [directive, test, ...schemas];
  session.result({ name, files }, () => files.map((file) => relative('', file)).join('\n'));
  session.note('next: mission test, mission plan ' + name);
  return EXIT.done;
};

const taken = (message: string) =>
  new CliError(EXIT.usage, 'conflict', message, 'choose another name');

async function writeNew(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw taken(`${file} already exists`);
  }
}

import { basename, extname } from 'node:path';
import type { AutomationSpec } from '../../contracts/run/automation.js';
import type { Files } from '../../platform/files/file-tree.js';
import { readYaml } from '../../platform/files/read-yaml.js';
import { automationSchema } from './automation-schema.js';

const PAGE = 'docs/automations.md';

/** The automations of a folder. */
export interface Definitions {
  specs: Map<string, { spec: AutomationSpec; file: string }>;
  /** What is left out, with file, line and reason. */
  problems: string[];
  /** Names of files, without their endings, that are left out. */
  unreadable: Set<string>;
}

/** Reads automations from files, one each. A file that is not valid is left out. */
export function readDefinitions({ files, problems }: Files): Definitions {
  const read: Definitions = {
    specs: new Map(),
    problems: problems.map(({ file, message }) => `${file}: ${message}`),
    unreadable: new Set(problems.map(({ file }) => nameOf(file))),
  };
  for (const { file, text } of files) {
    const { value: spec, faults } = readYaml<AutomationSpec>(text, automationSchema, PAGE);
    for (const { line, message, hint } of faults)
      read.problems.push(`${file}:${line}: ${message}. ${hint}`);
    if (!spec) read.unreadable.add(nameOf(file));
    else if (read.specs.has(spec.name))
      read.problems.push(
        `${file}: ${spec.name} is defined in ${read.specs.get(spec.name)!.file} as well`,
      );
    else read.specs.set(spec.name, { spec, file });
  }
  return read;
}

const nameOf = (file: string): string => basename(file, extname(file));

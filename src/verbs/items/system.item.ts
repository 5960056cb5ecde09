import { existsSync, readFileSync } from 'node:fs';
import { arch, homedir, platform, release, tmpdir, type as osName, userInfo } from 'node:os';
import { basename, join, sep } from 'node:path';
import type { JsonObject } from '../../contracts/json/json.js';
import { TextIndex } from '../../search/text-index.js';
import { actionIn, countIn, requiredText, textOf } from '../call/arguments.js';
import { needs, type VerbCaller } from '../call/verb-caller.js';
import { ITEM_TYPES, VERB_NAMES } from '../call/verb-specs.js';
import { type Item, notFound, pageOf, type SearchAnswer } from './item.js';

interface SystemFact {
  description: string;
  read(): JsonObject;
}

const version = (): string => {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
};

/** Facts about this machine: an allow-list, without environment, tokens or network settings. */
export class SystemItem implements Item {
  private readonly facts: Record<string, SystemFact>;

  constructor(project: string, userHome: string) {
    const userspace = join(userHome, '.ai');
    const shell = userInfo().shell ?? '/bin/sh';
    const name = basename(shell);
    this.facts = {
      runtime: {
        description:
          'The operating system, its release and architecture, and the version of Node.js',
        read: () => ({
          platform: platform(),
          os_name: osName(),
          os_release: release(),
          arch: arch(),
          runtime: 'node',
          runtime_version: process.versions.node,
        }),
      },
      paths: {
        description: 'The folders of the user, of the project and for temporary files',
        read: () => ({
          userspace_dir: userspace,
          userspace_exists: existsSync(userspace),
          home_dir: homedir(),
          cwd: process.cwd(),
          temp_dir: tmpdir(),
          project_path: project,
        }),
      },
      shell: {
        description: 'The shell of this machine',
        read: () => ({
          shell,
          shell_name: name,
          supports_bash: name === 'bash' || existsSync('/bin/bash'),
          supports_powershell: /^(?:pwsh|powershell)/.test(name),
          path_separator: sep,
        }),
      },
      mcp: {
        description: 'The version of Mission Control, its item types and actions',
        read: () => ({
          version: version(),
          server_name: 'mission-control',
          item_types: [...ITEM_TYPES],
          actions: [...VERB_NAMES],
        }),
      },
    };
  }

  search(args: JsonObject, caller: VerbCaller): Promise<SearchAnswer> {
    needs(caller, 'read:directives');
    const items = Object.entries(this.facts).map(([id, { description }]) => ({
      id,
      title: id,
      text: description,
    }));
    const rows = new TextIndex(items)
      .search(textOf(args, 'query') ?? '')
      .map(({ item, score }) => ({
        id: item.id,
        type: 'system',
        score,
        preview: item.text,
        metadata: { description: item.text },
        source: 'system',
      }));
    return Promise.resolve(pageOf(rows, countIn(args, 'limit', 10, 100)));
  }

  load(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    needs(caller, 'read:directives');
    return Promise.resolve(this.read(args));
  }

  execute(args: JsonObject, caller: VerbCaller): Promise<JsonObject> {
    actionIn(args, ['run'] as const);
    needs(caller, 'read:directives');
    return Promise.resolve(this.read(args));
  }

  private read(args: JsonObject): JsonObject {
    const id = requiredText(args, 'item_id');
    const fact = Object.hasOwn(this.facts, id) ? this.facts[id] : undefined;
    if (!fact)
      throw notFound('system item', id, `there are ${Object.keys(this.facts).join(', ')}.`);
    return { item_id: id, item_type: 'system', data: fact.read() };
  }
}

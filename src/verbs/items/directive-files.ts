import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DIRECTIVE_NAME } from '../../contracts/catalog.js';
import { MissionError } from '../../contracts/errors.js';
import type { JsonObject } from '../../contracts/json/json.js';
import type { CheckedDirective, DirectiveRegistry } from '../../kernel/directive-registry.js';
import { requiredText, textOf } from '../call/arguments.js';
import { notFound } from './item.js';

export type FileAction = 'create' | 'update' | 'delete' | 'publish';

interface Wanted {
  parameters: JsonObject;
  actor: string;
  /** True = check only. */
  isDry: boolean;
}

export interface DirectiveFilesOptions {
  registry: Pick<DirectiveRegistry, 'find' | 'validate'>;
  project: string;
  userHome: string;
  audit(record: { actor: string; action: string; target: string; data: JsonObject }): Promise<void>;
}

/** Writes directives as files of the project, or of the user. Nothing that is not valid is written. */
export class DirectiveFiles {
  constructor(private readonly options: DirectiveFilesOptions) {}

  async write(action: FileAction, name: string, wanted: Wanted): Promise<JsonObject> {
    if (!DIRECTIVE_NAME.test(name)) throw badName(name);
    const found = await this.options.registry.find(name, null);
    if (found?.source === 'system') throw reserved(name);
    switch (action) {
      case 'create':
        if (found)
          throw new MissionError('conflict', `There is a directive ${name} already. Use update.`);
        return this.save(action, name, wanted);
      case 'update':
        return this.save(action, name, wanted, existing(name, found));
      case 'publish':
        return this.publish(name, wanted, existing(name, found));
      case 'delete':
        return this.remove(name, wanted, existing(name, found));
    }
  }

  private async save(
    action: FileAction,
    name: string,
    { parameters, actor, isDry }: Wanted,
    found?: CheckedDirective,
  ): Promise<JsonObject> {
    const content = requiredText(parameters, 'content');
    const { plan, diagnostics } = await this.options.registry.validate(content);
    const findings = diagnostics as unknown as JsonObject[];
    if (!plan)
      return {
        saved: false,
        error: 'The content has mistakes; nothing was written.',
        diagnostics: findings,
      };
    if (plan.name !== name)
      throw new MissionError(
        'input_invalid',
        `The content has the name ${plan.name}, not ${name}.`,
      );
    const file =
      found?.file ??
      join(this.folderOf(parameters), `${name}.${plan.instructions ? 'md' : 'yaml'}`);
    if (isDry) return { saved: false, dry_run: true, file, diagnostics: findings };
    await this.put(file, content);
    await this.audit(actor, action, name, file);
    return { saved: true, file, version: plan.directive_version, diagnostics: findings };
  }

  /** Copies a directive to the user's own, where all projects see it. */
  private async publish(
    name: string,
    { actor, isDry }: Wanted,
    found: CheckedDirective,
  ): Promise<JsonObject> {
    const file = join(
      this.options.userHome,
      '.ai/directives',
      `${name}.${found.plan?.instructions ? 'md' : 'yaml'}`,
    );
    if (isDry) return { saved: false, dry_run: true, file };
    await this.put(file, found.text);
    await this.audit(actor, 'publish', name, file);
    return { saved: true, file };
  }

  private async remove(
    name: string,
    { parameters, actor, isDry }: Wanted,
    found: CheckedDirective,
  ): Promise<JsonObject> {
    if (isDry) return { deleted: false, dry_run: true, file: found.file ?? null };
    if (parameters['confirm'] !== true)
      throw new MissionError(
        'input_invalid',
        `To delete ${name}, pass parameters {"confirm": true}.`,
      );
    await rm(found.file!);
    await this.audit(actor, 'delete', name, found.file!);
    return { deleted: true, file: found.file! };
  }

  private folderOf(parameters: JsonObject): string {
    const location = textOf(parameters, 'location') ?? 'project';
    if (location === 'project') return join(this.options.project, '.ai/directives');
    if (location === 'user') return join(this.options.userHome, '.ai/directives');
    throw new MissionError('input_invalid', 'location must be project or user.');
  }

  /** Writes beside the file and moves, so that nobody reads half of it. */
  private async put(file: string, content: string): Promise<void> {
    const temporary = join(dirname(file), `.${randomUUID()}.tmp`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(temporary, content.endsWith('\n') ? content : `${content}\n`);
    await rename(temporary, file);
  }

  private audit(actor: string, action: FileAction, name: string, file: string): Promise<void> {
    const target = `directive:${name}`;
    return this.options.audit({ actor, action: `directive.${action}`, target, data: { file } });
  }
}

function existing(name: string, found: CheckedDirective | null): CheckedDirective {
  if (found?.file !== undefined) return found;
  throw notFound('directive', name);
}

const badName = (name: string) =>
  new MissionError(
    'input_invalid',
    `${JSON.stringify(name.slice(0, 80))} is not a name for a directive: use lower-case letters, digits and _, starting with a letter.`,
  );

const reserved = (name: string) =>
  new MissionError(
    'permission_denied',
    `${name} is a system directive, which nobody changes. Save it under another name.`,
  );

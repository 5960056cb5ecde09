import { globContains, parsePermission, type Permission } from '../../contracts/permission.js';
import type { Rule } from './subject.js';

/** A tag for files, taken apart. */
interface FileTag extends Permission {
  tag: string;
  /** Of all files where the tag has none. */
  scope: string;
}

/**
 * File permissions that give nothing beside the others. Told only where it is certain: not of `read` as such, which
 * says what a directive looks at, and not of a narrower `write`, which may say a name that a wider one must say
 * (`.ai`), or make a directory.
 */
export const redundantPermission: Rule = (subject) => {
  const { plan, fields } = subject;
  const node = fields.get('permissions');
  const places = node?.type === 'list' ? node.items : [];
  const tags = (plan.permissions ?? []).map(fileTag);
  for (const [index, tag] of tags.entries()) {
    if (!tag) continue;
    const others = tags.filter((other) => other && other !== tag) as FileTag[];
    const at = places[index] ?? fields.node;
    const denial = tag.verb !== 'deny' && others.find((other) => takesBack(other, tag));
    const wider = others.find((other) => gives(other, tag, tags.indexOf(other) < index));
    const message = denial
      ? `"${tag.tag}" opens nothing: "${denial.tag}" takes all of it back`
      : `"${tag.tag}" says nothing that "${wider?.tag}" does not`;
    const hint = denial ? 'remove one of the two' : 'remove it';
    if (denial || wider) subject.add('redundant_permission', at, message, hint);
  }
};

function fileTag(tag: string): FileTag | undefined {
  const permission = parsePermission(tag);
  if (permission?.resource !== 'filesystem') return undefined;
  return { ...permission, tag, scope: permission.scope ?? '**' };
}

const takesBack = (other: FileTag, { scope }: FileTag): boolean =>
  other.verb === 'deny' && globContains(other.scope, scope);

/** Of two that say the same, the first does. */
function gives(other: FileTag, { verb, scope }: FileTag, isBefore: boolean): boolean {
  if (other.verb !== verb) return false;
  if (other.scope === scope) return isBefore;
  if (verb === 'read' || verb === 'deny') return globContains(other.scope, scope);
  const directory = directoryOfPattern(scope);
  return directory !== undefined && other.scope === `${directory}**`;
}

/** Of `a/b/*.md` it is `a/b/`; undefined where the last segment is no pattern, or not the first one. */
const directoryOfPattern = (scope: string): string | undefined =>
  /^((?:[^*?]*\/)?)[^/]*[*?][^/]*$/.exec(scope)?.[1];

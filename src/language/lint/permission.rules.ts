import { globContains, parsePermission, type Permission } from '../../contracts/permission.js';
import type { Rule } from './subject.js';

/** A parsed permission tag for files. */
interface FileTag extends Permission {
  tag: string;
  /** Scope of the tag; all files when the tag has none. */
  scope: string;
}

/**
 * Reports file permissions without effect: denied as a whole, or covered by others. Only certain cases are reported.
 * `read` covered by `write` is not reported, since it documents what a directive reads. A narrower `write` is not
 * reported either, since it may name a path that a wider one cannot grant implicitly (`.ai`), or create a directory.
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
      ? `"${tag.tag}" grants nothing: "${denial.tag}" denies all of it`
      : `"${tag.tag}" is redundant: "${wider?.tag}" already covers it`;
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

/** True if `other` grants all that the tag grants. Of two equal tags the first one counts. */
function gives(other: FileTag, { verb, scope }: FileTag, isBefore: boolean): boolean {
  if (other.verb !== verb) return false;
  if (other.scope === scope) return isBefore;
  if (verb === 'read' || verb === 'deny') return globContains(other.scope, scope);
  const directory = directoryOfPattern(scope);
  return directory !== undefined && other.scope === `${directory}**`;
}

/** Directory of a pattern: `a/b/` of `a/b/*.md`; undefined unless the last segment, and only that, has wildcards. */
const directoryOfPattern = (scope: string): string | undefined =>
  /^((?:[^*?]*\/)?)[^/]*[*?][^/]*$/.exec(scope)?.[1];

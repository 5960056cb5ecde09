const GLOB_SPECIAL = /[.+?^${}()|[\]\\]/g;

/**
 * True when permission tags (`verb:resource[:scope]`) allow a thing; null = everything that the actor may.
 * A tag without scope covers every scope, and `deny` beats the others.
 */
export function permits(
  permissions: readonly string[] | null,
  need: string,
  scope?: string,
): boolean {
  if (permissions === null) return true;
  const [, resource] = need.split(':');
  const covers = (tag: string) => coversNeed(tag, need, scope);
  const denied = (tag: string) => coversNeed(tag, `deny:${resource}`, scope);
  return permissions.some(covers) && !permissions.some(denied);
}

function coversNeed(tag: string, need: string, scope: string | undefined): boolean {
  if (tag === need) return true;
  if (scope === undefined || !tag.startsWith(`${need}:`)) return false;
  const glob = tag
    .slice(need.length + 1)
    .replace(GLOB_SPECIAL, '\\$&')
    .replace(/\*+/g, '.*');
  return new RegExp(`^${glob}$`).test(scope);
}

/** What a permission tag allows. */
export const PERMISSION_VERBS = ['read', 'write', 'execute', 'delete', 'deny'] as const;
export type PermissionVerb = (typeof PERMISSION_VERBS)[number];

/** A tag `verb:resource[:scope]`, taken apart. */
export interface Permission {
  verb: PermissionVerb;
  resource: string;
  /** A glob (`*` within a path segment, `**` across, `?` one character); absent = everything. */
  scope?: string;
}

const TAG = /^([a-z]+):([a-z][a-z0-9_-]*|\*)(?::(.+))?$/s;

/** Takes a tag apart; undefined when it is none. */
export function parsePermission(tag: string): Permission | undefined {
  const [, verb, resource, scope] = TAG.exec(tag) ?? [];
  if (!resource || !PERMISSION_VERBS.includes(verb as PermissionVerb)) return undefined;
  return { verb: verb as PermissionVerb, resource, ...(scope !== undefined && { scope }) };
}

/**
 * Whether tags grant a right. `deny` beats every other verb. A right without a scope asks for the resource as such:
 * any scope of it will do here, and the concrete use is checked against the scope when it happens.
 */
export function permits(tags: readonly string[], right: string): boolean {
  const wanted = parsePermission(right);
  if (!wanted) return false;
  const granted = tags.map(parsePermission).filter((tag) => tag !== undefined);
  const denied = granted.some((tag) => tag.verb === 'deny' && denies(tag, wanted));
  return !denied && granted.some((tag) => tag.verb === wanted.verb && covers(tag, wanted));
}

function covers(tag: Permission, wanted: Permission): boolean {
  if (tag.resource !== '*' && tag.resource !== wanted.resource) return false;
  if (tag.scope === undefined || wanted.scope === undefined) return true;
  return globMatches(tag.scope, wanted.scope);
}

/** A scoped denial does not deny the resource as such. */
function denies(tag: Permission, wanted: Permission): boolean {
  return covers(tag, wanted) && (tag.scope === undefined || wanted.scope !== undefined);
}

/** Matches a glob in time proportional to glob × text, whatever the two are. */
export function globMatches(glob: string, text: string): boolean {
  const tokens = glob.match(/\*\*|[^]/g) ?? [];
  let reached = new Set([0]);
  const skipStars = (places: Set<number>): Set<number> => {
    for (const place of places) if (tokens[place]?.startsWith('*')) places.add(place + 1);
    return places;
  };
  skipStars(reached);
  for (const character of text) {
    const next = new Set<number>();
    for (const place of reached) {
      const token = tokens[place];
      if (token === '**' || (token === '*' && character !== '/')) next.add(place);
      else if (token === character || (token === '?' && character !== '/')) next.add(place + 1);
    }
    reached = skipStars(next);
  }
  return reached.has(tokens.length);
}

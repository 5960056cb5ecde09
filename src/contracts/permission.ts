/** Verbs of permission tags. `deny` beats every other verb. */
export const PERMISSION_VERBS = ['read', 'write', 'execute', 'delete', 'deny'] as const;
export type PermissionVerb = (typeof PERMISSION_VERBS)[number];

/** A parsed permission tag `verb:resource[:scope]`. */
export interface Permission {
  verb: PermissionVerb;
  resource: string;
  /** A glob: `*` matches within a path segment, `**` across segments, `?` one character; absent = everything. */
  scope?: string;
}

const TAG = /^([a-z]+):([a-z][a-z0-9_-]*|\*)(?::(.+))?$/s;

/** Parses a permission tag; undefined when the text is no valid tag. */
export function parsePermission(tag: string): Permission | undefined {
  const [, verb, resource, scope] = TAG.exec(tag) ?? [];
  if (!resource || !PERMISSION_VERBS.includes(verb as PermissionVerb)) return undefined;
  return { verb: verb as PermissionVerb, resource, ...(scope !== undefined && { scope }) };
}

/** Permission tags that authorize a use; null = all rights of the actor. */
export type Permissions = readonly string[] | null;

/**
 * True if the tags grant a right. Compiler and runner both decide with this function. `deny` beats every other verb.
 * A right with a scope names one thing. A right without a scope names the resource as a whole: it is granted if the tags
 * allow at least some use of the resource; each use is then checked again with its name as the scope.
 */
export function permits(permissions: Permissions, right: string): boolean {
  if (permissions === null) return true;
  const wanted = parsePermission(right);
  if (!wanted) return false;
  const tags = permissions.map(parsePermission).filter((tag) => tag !== undefined);
  const denials = tags.filter(({ verb }) => verb === 'deny');
  return tags.some(
    (tag) => grants(tag, wanted) && !denials.some((deny) => denies(deny, tag, wanted)),
  );
}

/** The first `deny` tag that covers a right; undefined when no tag denies it. */
export function denialOf(permissions: Permissions, right: string): string | undefined {
  const wanted = parsePermission(right);
  return permissions?.find((text) => {
    const tag = parsePermission(text);
    return tag?.verb === 'deny' && wanted && denies(tag, wanted, wanted);
  });
}

const grants = (tag: Permission, wanted: Permission): boolean =>
  tag.verb === wanted.verb && covers(tag, wanted);

function covers(tag: Permission, wanted: Permission): boolean {
  if (tag.resource !== '*' && tag.resource !== wanted.resource) return false;
  if (tag.scope === undefined || wanted.scope === undefined) return true;
  return globMatches(tag.scope, wanted.scope);
}

/**
 * True if a denial covers all of the wanted right; for a right without a scope, all that `tag` grants of the resource.
 */
function denies(deny: Permission, tag: Permission, wanted: Permission): boolean {
  if (!covers(deny, wanted)) return false;
  if (deny.scope === undefined || wanted.scope !== undefined) return true;
  return globContains(deny.scope, tag.scope ?? '**');
}

/** Matches a glob against text in time O(glob × text): hostile input cannot cause backtracking. */
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

/**
 * The rights that two lists of tags both grant; null = everything. Partly overlapping globs are dropped, which never
 * widens rights.
 */
export function narrow(
  outer: readonly string[] | null,
  inner: readonly string[] | null,
): string[] | null {
  const either = outer ?? inner;
  if (outer === null || inner === null) return either && [...either];
  const [wide, close] = [outer, inner].map((tags) =>
    tags.map(parsePermission).filter((tag) => tag !== undefined),
  ) as [Permission[], Permission[]];
  const denied = [...wide, ...close].filter(({ verb }) => verb === 'deny');
  const granted = wide.flatMap((a) => close.map((b) => meet(a, b)));
  const tags = [...granted.filter((tag) => tag !== undefined), ...denied].map(tagOf);
  return [...new Set(tags)];
}

const tagOf = ({ verb, resource, scope }: Permission): string =>
  `${verb}:${resource}${scope === undefined ? '' : `:${scope}`}`;

/** The intersection of two grants; undefined when they share no right. */
function meet(a: Permission, b: Permission): Permission | undefined {
  if (a.verb !== b.verb || a.verb === 'deny') return undefined;
  if (a.resource !== b.resource && a.resource !== '*' && b.resource !== '*') return undefined;
  const resource = a.resource === '*' ? b.resource : a.resource;
  const scope = meetScopes(a.scope, b.scope);
  if (scope === null) return undefined;
  return { verb: a.verb, resource, ...(scope !== undefined && { scope }) };
}

function meetScopes(a: string | undefined, b: string | undefined): string | undefined | null {
  if (a === undefined || b === undefined) return a ?? b;
  if (globContains(a, b)) return b;
  return globContains(b, a) ? a : null;
}

/** True only if `glob` matches every text that `other` matches. May answer false for globs that it cannot compare. */
export function globContains(glob: string, other: string): boolean {
  if (glob === other || glob === '**') return true;
  if (!/[*?]/.test(other)) return globMatches(glob, other);
  const folder = glob.endsWith('/**') ? glob.slice(0, -2) : undefined;
  return folder !== undefined && !/[*?]/.test(folder) && other.startsWith(folder);
}

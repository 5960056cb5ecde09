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

/** What a use is checked against: the tags of its directive; null = all that the actor may. */
export type Permissions = readonly string[] | null;

/**
 * Whether tags grant a right: the one answer of compiler and runner. `deny` beats every other verb.
 * A right with a scope asks for one thing by its name. A right without one asks for the resource as such: it is
 * granted where some use of it can be, and each use is then asked for by its name when it happens.
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

/** The first tag that denies what others grant; undefined where no tag does. */
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

/** Whether a denial leaves nothing of what is wanted, or, of a resource as such, nothing of what `tag` grants of it. */
function denies(deny: Permission, tag: Permission, wanted: Permission): boolean {
  if (!covers(deny, wanted)) return false;
  if (deny.scope === undefined || wanted.scope !== undefined) return true;
  return globContains(deny.scope, tag.scope ?? '**');
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

/** The tags that two lists of them grant together; null = everything. What only seems to overlap is left out. */
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

/** What two grants have in common. */
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

/** True only where every text that the second glob matches is matched by the first. */
export function globContains(glob: string, other: string): boolean {
  if (glob === other || glob === '**') return true;
  if (!/[*?]/.test(other)) return globMatches(glob, other);
  const folder = glob.endsWith('/**') ? glob.slice(0, -2) : undefined;
  return folder !== undefined && !/[*?]/.test(folder) && other.startsWith(folder);
}

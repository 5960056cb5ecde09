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

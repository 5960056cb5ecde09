interface Format {
  pattern: RegExp;
  example: string;
  /** Further condition that a pattern cannot express. */
  also?: (value: string) => boolean;
}

const realDate = (value: string): boolean => {
  const [year, month, day] = value.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year!, month! - 1, day));
  return date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
};

const FORMATS: Readonly<Record<string, Format>> = {
  'date-time': {
    pattern: /^\d{4}-\d\d-\d\d[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/,
    example: '2026-01-31T12:00:00Z',
    also: realDate,
  },
  date: { pattern: /^\d{4}-\d\d-\d\d$/, example: '2026-01-31', also: realDate },
  time: {
    pattern: /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?$/,
    example: '12:00:00Z',
  },
  email: { pattern: /^[^\s@]{1,64}@[^\s@]{1,255}$/, example: 'name@example.org' },
  uri: { pattern: /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/, example: 'https://example.org/' },
  uuid: {
    pattern: /^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/,
    example: '123e4567-e89b-12d3-a456-426614174000',
  },
  hostname: {
    pattern: /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*$/,
    example: 'example.org',
  },
  /** A reference to a secret, never its value. */
  secret: { pattern: /^secret:\/\/[a-z][a-z0-9_]{0,63}$/, example: 'secret://github_token' },
  ipv4: { pattern: /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?!$)|$)){4}$/, example: '192.0.2.1' },
};

/** Formats that are checked. Inputs may declare other formats, which are not checked. */
export const KNOWN_FORMATS: readonly string[] = Object.keys(FORMATS);

/**
 * Returns an example of the format when the value does not match it; undefined when it matches, or the format is
 * unknown.
 */
export function formatProblem(format: string, value: string): string | undefined {
  const known = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (!known || (known.pattern.test(value) && (known.also?.(value) ?? true))) return undefined;
  return known.example;
}

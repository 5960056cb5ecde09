/** Remembers what was computed for a text; forgets everything when it grows too large. */
export function cached<T>(compute: (text: string) => T, limit = 5_000): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = compute(text);
    if (known.size >= limit) known.clear();
    known.set(text, value);
    return value;
  };
}

/** Caches a function of a text. The cache is cleared when its keys exceed `limit` characters in sum. */
export function cached<T>(compute: (text: string) => T, limit = 1_000_000): (text: string) => T {
  const known = new Map<string, T>();
  let size = 0;
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = compute(text);
    size += text.length;
    if (size > limit) {
      known.clear();
      size = text.length;
    }
    known.set(text, value);
    return value;
  };
}

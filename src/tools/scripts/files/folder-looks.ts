import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a folder looks like from outside: the same text means that nothing in it was written, made or removed, for no
 * script can set the times of change. Undefined when it is too large to be worth it, or cannot be looked at.
 */
export function looksOf(folder: string, most = 200): string | undefined {
  const seen: string[] = [];
  try {
    look(folder, '', seen, most);
  } catch {
    return undefined;
  }
  return seen.length > most ? undefined : seen.join('\n');
}

function look(folder: string, prefix: string, seen: string[], most: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (seen.length > most) return;
    const [path, name] = [join(folder, entry.name), prefix + entry.name];
    const { ino, size, mode, ctimeNs } = lstatSync(path, { bigint: true });
    seen.push(`${name} ${ino} ${size} ${mode} ${ctimeNs}`);
    if (entry.isDirectory()) look(path, `${name}/`, seen, most);
  }
}

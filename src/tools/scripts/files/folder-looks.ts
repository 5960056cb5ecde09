import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A fingerprint of a folder: an equal text means that nothing in it was
 * written, created or removed, because no script can set the change time
 * (ctime). Undefined when the folder has too many entries or cannot be read.
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

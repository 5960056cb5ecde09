import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of the files in `/etc` that a jail does not share with the host. */
export const ETC_FILES = ['passwd', 'group', 'hosts', 'nsswitch.conf'] as const;

/**
 * Writes the files of a jail's `/etc`: they name the jail's users and the
 * loopback host only.
 * @param uids every user that a jail may run as
 */
export function writeEtcFiles(directory: string, uids: readonly number[]): void {
  const texts: Record<(typeof ETC_FILES)[number], string> = {
    passwd: uids.map((uid) => `script:x:${uid}:${uid}::/tmp:/bin/sh\n`).join(''),
    group: uids.map((uid) => `script:x:${uid}:\n`).join(''),
    hosts: '127.0.0.1 localhost mission\n::1 localhost mission\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  };
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  for (const name of ETC_FILES) writeFileSync(join(directory, name), texts[name], { mode: 0o644 });
}

import { existsSync, lstatSync, readlinkSync } from 'node:fs';

/**
 * Created first with open modes: directories that bubblewrap creates implicitly
 * are closed to other users.
 */
const FOLDERS = ['/etc', '/etc/ssl', '/etc/pki', '/etc/pki/tls'];
/**
 * The parts of `/etc` that programs need to run; nothing about users, hosts or
 * keys.
 */
const ETC = [
  'alternatives',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'ssl/certs',
  'ssl/openssl.cnf',
  'ca-certificates',
  'pki/tls/certs',
  'pki/ca-trust',
  'localtime',
  'timezone',
  'mime.types',
  'python3',
  'python3.11',
];

/**
 * Read-only mounts of the system's programs and libraries; the same for every
 * jail.
 */
export const systemMounts = (): string[] => [
  ...['--ro-bind', '/usr', '/usr'],
  ...['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap(topFolder),
  ...FOLDERS.filter(existsSync).flatMap((path) => ['--perms', '0755', '--dir', path]),
  ...ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
];

/**
 * On most systems these are links to directories in `/usr`; on some they are
 * directories.
 */
function topFolder(name: string): string[] {
  const path = `/${name}`;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return ['--symlink', readlinkSync(path), path];
  return stat?.isDirectory() ? ['--ro-bind', path, path] : [];
}

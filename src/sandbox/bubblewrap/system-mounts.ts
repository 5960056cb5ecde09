import { existsSync, lstatSync, readlinkSync } from 'node:fs';

/** Made first: folders that bubblewrap makes by the way are closed to others. */
const FOLDERS = ['/etc', '/etc/ssl', '/etc/pki', '/etc/pki/tls'];
/** Of `/etc` what programs need to run; nothing of users, hosts or keys. */
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

/** The programs and libraries of the system, readable; the same for every jail. */
export const systemMounts = (): string[] => [
  ...['--ro-bind', '/usr', '/usr'],
  ...['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap(topFolder),
  ...FOLDERS.filter(existsSync).flatMap((path) => ['--perms', '0755', '--dir', path]),
  ...ETC.flatMap((name) => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`]),
];

/** Most systems have links to folders in `/usr`, some the folders themselves. */
function topFolder(name: string): string[] {
  const path = `/${name}`;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return ['--symlink', readlinkSync(path), path];
  return stat?.isDirectory() ? ['--ro-bind', path, path] : [];
}

import type { Fault } from '../../../sandbox/confines.js';

const FILE =
  /^(?:.*?: )?(?:cannot (?:create regular file|create directory|create|touch|remove|open|move|overwrite|change [\w ]+ of) )?['‘"]?(?<path>[^'’":]+?)['’"]?(?: for writing)?: (?<what>Read-only file system|Permission denied)$/i;
const CODES: [code: string, pattern: RegExp][] = [
  ['EAI_AGAIN', /could not resolve host(?:name)?:? ['‘]?([\w.-]+)/i],
  ['EAI_AGAIN', /unable to resolve host address ['‘]([\w.-]+)/i],
  ['EAI_AGAIN', /()(?:temporary failure in name resolution|name or service not known)/i],
  ['ECONNREFUSED', /failed to connect to ([\w.-]+)(?: port (\d+))?/i],
  ['ECONNREFUSED', /connect to ([\w.-]+) port (\d+)/i],
  ['ECONNREFUSED', /()(?:connection refused|network is unreachable)/i],
];

/**
 * Finds the operating-system error in the last line of a shell script's stderr.
 */
export function shellFaults(line: string): Fault[] {
  const { path, what } = FILE.exec(line)?.groups ?? {};
  if (path !== undefined) {
    const code = /read-only/i.test(what!) ? 'EROFS' : 'EACCES';
    return [{ code, path: path.trim(), ...(/\bmkdir: /.test(line) && { syscall: 'mkdir' }) }];
  }
  for (const [code, pattern] of CODES) {
    const [found, host, port] = pattern.exec(line) ?? [];
    if (found === undefined) continue;
    return [{ code, ...(host && { host }), ...(port && { port: Number(port) }) }];
  }
  return [];
}

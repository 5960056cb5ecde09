import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { fail } from './fail.mjs';
import { bundledNode } from './node.mjs';
import { withProgress } from './progress.mjs';
import { inRoot } from './root.mjs';

const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** Somebody else's directory: npm ci would empty it. */
const isLinked = () =>
  lstatSync(inRoot('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink();

/**
 * Whether node_modules holds what the lock file says. npm writes its own copy of the lock there as its last
 * act, so an interrupted install has none; packages of other platforms are missing from it.
 */
export function isInstalled() {
  if (isLinked()) return true;
  const copy = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(copy) || !bundledNode()) return false;
  const there = packages(copy);
  return Object.entries(packages(inRoot('package-lock.json'))).every(
    ([path, { version, optional, devOptional, link }]) =>
      path === '' ||
      link ||
      (there[path]?.version ?? (optional || devOptional ? version : '')) === version,
  );
}

/** Under `npm start` npm says where it is; it need not be on PATH. */
const npm = () =>
  /\.c?js$/.test(process.env.npm_execpath ?? '')
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];

/** Installs exactly what the lock file says; runs no package's install script. */
export async function install() {
  const [command, ...args] = npm();
  const flags = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
  ];
  try {
    await withProgress('Installing dependencies (once; about a minute)', command, [
      ...args,
      ...flags,
    ]);
  } catch (error) {
    fail(
      `npm ci failed:\n${error.message}\nCorrect that (is the registry reachable? is there space left?) and start again.`,
    );
  }
}

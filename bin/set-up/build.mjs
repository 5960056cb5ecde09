import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { fail } from './fail.mjs';
import { bundledNode } from './node.mjs';
import { withProgress } from './progress.mjs';
import { inRoot } from './root.mjs';

const CONFIGURATION = [
  '.swcrc',
  'package-lock.json',
  'bin/set-up/build.mjs',
  'bin/set-up/bundle.mjs',
];
/** What the workflow bundle is made of. */
const BUNDLED = ['src/workflows', 'src/language', 'src/contracts'];

const filesIn = (directory) =>
  readdirSync(inRoot(directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath ?? entry.path}/${entry.name}`)
    .sort();

function digest(directories) {
  const hash = createHash('sha256');
  const sources = directories.filter((directory) => existsSync(inRoot(directory))).flatMap(filesIn);
  for (const file of [
    ...sources,
    ...CONFIGURATION.map((name) => inRoot(name)).filter(existsSync),
  ]) {
    hash
      .update(file.slice(inRoot('').length))
      .update('\0')
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function stamp(name) {
  const file = inRoot('dist', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Whether dist was built from the sources as they are now. */
export const isBuilt = () => stamp('.stamp') === digest(['src']);

const BUNDLES = ['workflow-bundle.js', 'workflow-bundle-encrypted.js'];

async function bundle(draft, hash) {
  const kept = BUNDLES.map((name) => inRoot('dist', name));
  if (stamp('.bundle-stamp') === hash && kept.every(existsSync))
    BUNDLES.forEach((name, at) => cpSync(kept[at], `${draft}/${name}`));
  else if (existsSync(`${draft}/workflows/index.js`)) {
    const args = [
      inRoot('bin', 'set-up', 'bundle.mjs'),
      `${draft}/workflows/index.js`,
      `${draft}/${BUNDLES[0]}`,
    ];
    await withProgress('Bundling workflows', bundledNode(), args);
  }
  writeFileSync(`${draft}/.bundle-stamp`, hash);
}

/** The new dist takes the old one's place whole, or not at all. */
function replaceDist(draft) {
  const old = inRoot('dist.old');
  rmSync(old, { recursive: true, force: true });
  if (existsSync(inRoot('dist'))) renameSync(inRoot('dist'), old);
  renameSync(draft, inRoot('dist'));
  rmSync(old, { recursive: true, force: true });
}

/** Compiles src into dist, and the workflows into one file there. */
export async function build() {
  const draft = inRoot('dist.new');
  const whole = digest(['src']);
  const swc = [
    inRoot('node_modules/@swc/cli/bin/swc.js'),
    'src',
    '-d',
    'dist.new',
    '--strip-leading-paths',
  ];
  rmSync(draft, { recursive: true, force: true });
  try {
    await withProgress('Building', bundledNode(), swc);
    await bundle(draft, digest(BUNDLED));
  } catch (error) {
    fail(`The build failed:\n${error.message}`);
  }
  writeFileSync(`${draft}/.stamp`, whole);
  replaceDist(draft);
}

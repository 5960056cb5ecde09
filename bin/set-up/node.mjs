import { existsSync } from 'node:fs';
import { inRoot } from './root.mjs';

const WANTED = 24;

/**
 * A Node 24: the npm package of this platform, else the one that runs this, when it is new enough.
 * Undefined when there is none (yet).
 */
export function bundledNode() {
  const own = inRoot('node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(own)) return own;
  return Number(process.versions.node.split('.')[0]) >= WANTED ? process.execPath : undefined;
}

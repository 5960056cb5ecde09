import { build, isBuilt } from './build.mjs';
import { fail } from './fail.mjs';
import { install, isInstalled } from './install.mjs';
import { underLock } from './lock.mjs';
import { bundledNode } from './node.mjs';

async function complete() {
  if (!isInstalled()) await install();
  if (!bundledNode()) {
    fail(
      `There is no Node 24 package for ${process.platform}-${process.arch}: install Node 24 yourself and start with it.`,
    );
  }
  if (!isBuilt()) await build();
}

/** Installs and builds what is missing; does nothing, and writes nothing, when nothing is. */
export async function setUp() {
  if (!isInstalled() || !isBuilt()) await underLock(complete);
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Leaves parts/BRANCH.txt for later steps. */
export default async ({ inputs: { branch }, context }) => {
  await mkdir(join(context.artifacts_dir, 'parts'), { recursive: true });
  await writeFile(join(context.artifacts_dir, 'parts', `${branch}.txt`), `figures of ${branch}\n`);
  return { written: branch };
};

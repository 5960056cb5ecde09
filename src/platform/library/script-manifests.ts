import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { MissionError } from '../../contracts/errors.js';
import type { InputSpec } from '../../contracts/plan.js';
import type { ScriptManifest } from '../../contracts/script.js';
import { scriptInput } from './script-input-schema.js';

const manifest = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(z.string(), scriptInput),
  outputs: z.array(z.string()),
  rights: z.array(z.string().regex(/^(read|write|execute|delete):[a-z_]+$/)),
  target: z.string().optional(),
  timeout_seconds: z.number().positive().optional(),
  retry: z.strictObject({ attempts: z.int().positive() }).optional(),
  available: z.boolean(),
});

/**
 * Reads the manifests of the system scripts, `NAME.yaml` in `folder`.
 * @throws MissionError `internal` that names a faulty file, because the
 * manifests ship with the program
 */
export async function loadScriptManifests(
  folder: string,
): Promise<ReadonlyMap<string, ScriptManifest>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  const manifests = await Promise.all(files.map((file) => loadManifest(join(folder, file))));
  return new Map(manifests.map((each) => [each.name, each]));
}

async function loadManifest(file: string): Promise<ScriptManifest> {
  const parsed = manifest.safeParse(parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw faulty(file, z.prettifyError(parsed.error));
  if (parsed.data.name !== basename(file, '.yaml'))
    throw faulty(file, 'name differs from the file');
  return { ...parsed.data, inputs: parsed.data.inputs as Record<string, InputSpec> };
}

const faulty = (file: string, why: string) =>
  new MissionError('internal', `The script manifest ${file} is invalid: ${why}`);

import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { MissionError } from '../contracts/errors.js';
import { containsPath } from '../platform/files/contains-path.js';

const LINK = `INSERT INTO channel_links (channel, project_path, linked_by) VALUES ($1, $2, $3)
  ON CONFLICT (channel) DO UPDATE SET project_path = EXCLUDED.project_path, linked_by = EXCLUDED.linked_by, linked_at = now()`;

/** The project to which a channel is linked; undefined = to none. */
export async function channelProject(
  dataSource: DataSource,
  channel: string,
): Promise<string | undefined> {
  const [row] = await dataSource.query<{ project_path: string }[]>(
    'SELECT project_path FROM channel_links WHERE channel = $1',
    [channel],
  );
  return row?.project_path;
}

/**
 * A folder in which a thread may work: the project of this instance, or one inside it.
 * @throws MissionError `input_invalid` for any other path, also one that leads out through a link
 */
export function checkedProject(root: string, path: string): string {
  const wanted = resolve(root, path);
  const isFolder = existsSync(wanted) && statSync(wanted).isDirectory();
  const inside = isFolder && containsPath(realpathSync(root), realpathSync(wanted));
  if (inside) return realpathSync(wanted);
  const text = `${JSON.stringify(path).slice(0, 200)} is not a folder of the project of this instance.`;
  throw new MissionError('input_invalid', text);
}

/** Links a channel to a project, or to another one than before. */
export async function linkChannel(
  dataSource: DataSource,
  link: { channel: string; project_path: string; actor: string },
): Promise<void> {
  await dataSource.query(LINK, [link.channel, link.project_path, link.actor]);
}

export async function unlinkChannel(dataSource: DataSource, channel: string): Promise<void> {
  await dataSource.query('DELETE FROM channel_links WHERE channel = $1', [channel]);
}

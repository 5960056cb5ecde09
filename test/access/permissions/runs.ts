import type { DataSource } from 'typeorm';
import { insertRun } from '../../observation/rows.js';

let count = 0;

/** A run of ann's, and those above it, the uppermost first, each with what its directive declares. */
export async function runOf(
  dataSource: DataSource,
  rights: string[] | null,
  ...declared: (string[] | null)[]
): Promise<string> {
  let parent_id: string | null = null;
  for (const [index, permissions] of declared.entries()) {
    const id = `run-${++count}`;
    const directive_name = `level_${index}`;
    await dataSource.query(
      `INSERT INTO directive_plans (hash, name, directive_version, plan, source) VALUES ($1, $2, '1.0.0', $3, '')`,
      [id, directive_name, JSON.stringify({ permissions })],
    );
    await insertRun(dataSource, id, {
      directive_name,
      plan_hash: id,
      actor: 'ann',
      rights: rights === null ? null : JSON.stringify(rights),
      parent_id,
    });
    parent_id = id;
  }
  return parent_id!;
}

import type { DataSource } from 'typeorm';
import { MissionError } from '../../contracts/errors.js';
import type { Plan } from '../../contracts/plan.js';

const CACHED = 500;

/** Reads stored Plans by hash. A hash always means the same Plan, so cached Plans never expire. */
export class Plans {
  private readonly cache = new Map<string, Plan>();

  constructor(private readonly dataSource: DataSource) {}

  async get(hash: string): Promise<Plan> {
    const known = this.cache.get(hash);
    if (known) return known;
    const rows: { plan: Plan }[] = await this.dataSource.query(
      'SELECT plan FROM directive_plans WHERE hash = $1',
      [hash],
    );
    if (!rows[0]) throw new MissionError('internal', `The stored plan ${hash} is missing.`);
    if (this.cache.size >= CACHED) this.cache.delete(this.cache.keys().next().value!);
    this.cache.set(hash, rows[0].plan);
    return rows[0].plan;
  }
}

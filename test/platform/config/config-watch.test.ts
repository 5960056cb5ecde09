import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { pino } from 'pino';
import { stampOf } from '../../../src/platform/config/config-stamp.js';
import { watchConfig } from '../../../src/platform/config/config-watch.js';

test('a change of the file is logged once, until it is taken back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mission-watch-'));
  const file = join(folder, 'mission.yaml');
  writeFileSync(file, 'limits: { steps: 5 }\n');
  const lines: string[] = [];
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line).msg) });
  const stop = watchConfig(stampOf(file), log, 10);
  const until = async (count: number) => {
    for (let at = 0; at < 500 && lines.length < count; at++) await sleep(10);
    await sleep(100);
    expect(lines).toHaveLength(count);
  };
  try {
    await until(0);
    writeFileSync(file, 'limits: { steps: 6 }\n');
    await until(1);
    expect(lines[0]).toContain('mission.yaml was changed: ');
    expect(lines[0]).toContain('restart Mission Control');
    writeFileSync(file, 'limits: { steps: 5 }\n');
    await until(1);
    rmSync(file);
    await until(2);
  } finally {
    stop();
    rmSync(folder, { recursive: true });
  }
});

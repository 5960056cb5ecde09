import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';

const FILE = resolve(import.meta.dirname, '../../docker-compose.yml');
const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;

(hasCompose ? it : it.skip)('is accepted by docker compose', () => {
  const { status, stderr } = spawnSync('docker', ['compose', '-f', FILE, 'config', '--quiet']);
  expect(`${stderr}`).toBe('');
  expect(status).toBe(0);
});

it('runs one image, any number of times, on a Temporal cluster of its own', () => {
  const { services } = parse(readFileSync(FILE, 'utf8'), { merge: true });
  expect(Object.keys(services)).toEqual(
    expect.arrayContaining(['postgres', 'temporal', 'temporal-ui', 'migrate', 'api', 'worker']),
  );
  for (const name of ['migrate', 'api', 'worker']) {
    expect(services[name]).toMatchObject({ image: 'mission-control', build: '.' });
    expect(services[name].environment.TEMPORAL_ADDRESS).toBe('temporal:7233');
    for (const word of services[name].command) expect(typeof word).toBe('string');
  }
  expect(services.worker.deploy.replicas).toBeDefined();
  for (const word of services.api.healthcheck.test) expect(typeof word).toBe('string');
});

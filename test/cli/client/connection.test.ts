import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findConnection } from '../../../src/cli/client/connection.js';
import { loadClientConfig } from '../../../src/platform/config/config-client.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mission-home-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const find = (env: NodeJS.ProcessEnv = {}, option?: string) =>
  findConnection(loadClientConfig({ MISSION_HOME: home, ...env }), option);
const instance = (pid: number) =>
  writeFileSync(join(home, 'instance.json'), JSON.stringify({ pid, api: 'http://127.0.0.1:4711' }));

describe('connection', () => {
  test('is host and port, and the key of the home', () => {
    writeFileSync(join(home, 'operator.key'), 'mc_key\n');
    expect(find()).toEqual({ url: 'http://127.0.0.1:4000', key: 'mc_key' });
    expect(find({ HOST: '::1', PORT: '81' }).url).toBe('http://[::1]:81');
    expect(find({ HOST: '0.0.0.0' }).url).toBe('http://127.0.0.1:4000');
  });

  test('is where the running instance of the home says', () => {
    instance(process.pid);
    expect(find({ PORT: '0' }).url).toBe('http://127.0.0.1:4711');
  });

  test('PORT and HOST that are set beat the instance, as far as they say where', () => {
    instance(process.pid);
    expect(find({ PORT: '4999' }).url).toBe('http://127.0.0.1:4999');
    expect(find({ PORT: '4000' }).url).toBe('http://127.0.0.1:4000');
    expect(find({ HOST: '0.0.0.0', PORT: '4999' }).url).toBe('http://127.0.0.1:4999');
    expect(find({ HOST: '127.0.0.1' }).url).toBe('http://127.0.0.1:4711');
    expect(find({ HOST: '10.0.0.7' }).url).toBe('http://10.0.0.7:4000');
    expect(find({ PORT: '' }).url).toBe('http://127.0.0.1:4711');
  });

  test('is not where an instance ran that is gone', () => {
    instance(2 ** 22 + 1);
    expect(find().url).toBe('http://127.0.0.1:4000');
  });

  test('MISSION_URL beats the instance, --url beats both, MISSION_API_KEY beats the file', () => {
    instance(process.pid);
    const env = { MISSION_URL: 'https://mission.example/', MISSION_API_KEY: 'k' };
    expect(find(env)).toEqual({ url: 'https://mission.example', key: 'k' });
    expect(find(env, 'http://127.0.0.1:9').url).toBe('http://127.0.0.1:9');
  });

  test('refuses what is no address', () => {
    expect(() => find({}, 'localhost:4000')).toThrow(expect.objectContaining({ exit: 2 }));
  });
});

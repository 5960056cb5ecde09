import { expect, test } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { freePort, isFree } from '../../../src/platform/servers/ports.js';

const HOST = '127.0.0.1';
/** The first port that Linux gives to outgoing connections; other systems begin higher. */
const EPHEMERAL = 32_768;

test('a free port is none that an outgoing connection may get meanwhile', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
  expect(ports.every((port) => port > 1_024 && port < EPHEMERAL)).toBe(true);
  expect(new Set(ports).size).toBeGreaterThan(1);
});

test('the wanted port while it is free, else another', async () => {
  const wanted = await freePort();
  expect(await freePort(wanted)).toBe(wanted);
  const holder = createServer().listen(wanted, HOST);
  await once(holder, 'listening');
  try {
    expect(await isFree(wanted)).toBe(false);
    expect(await freePort(wanted)).not.toBe(wanted);
  } finally {
    holder.close();
  }
});

test('an address that is not ours has no free port', async () => {
  await expect(freePort(0, '192.0.2.1')).rejects.toThrow('no free port on 192.0.2.1');
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { openHome } from '../../../src/supervisor/instance/home.js';

const directory = mkdtempSync(join(tmpdir(), 'mission-home-'));
const mount = (...args: string[]) => spawnSync('mount', [...args, directory]).status === 0;
const mounted = mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs');

afterAll(() => {
  if (mounted) spawnSync('umount', [directory]);
  rmSync(directory, { recursive: true, force: true });
});

(mounted ? describe : describe.skip)('a MISSION_HOME', () => {
  it('that has too little room', () => {
    expect(() => openHome(directory)).toThrow(
      /only \d+ MiB are free .* 200 are needed.*set MISSION_HOME/,
    );
  });

  it('that is full', () => {
    spawnSync('dd', ['if=/dev/zero', `of=${directory}/fill`, 'bs=1M', 'count=20']);
    expect(() => openHome(directory)).toThrow(/cannot be used: ENOSPC/);
  });

  it('that is read-only', () => {
    expect(mount('-o', 'remount,ro')).toBe(true);
    expect(() => openHome(directory)).toThrow(/cannot be used: EROFS/);
  });
});

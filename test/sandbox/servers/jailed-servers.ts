import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { McpServerConfig } from '../../../src/platform/config/config.js';
import { ServerJail } from '../../../src/sandbox/servers/server-jail.js';
import type { ScriptLimits } from '../../../src/sandbox/processes/script-limits.js';
import { way } from '../../tools/scripts/jailed.js';

const HOSTILE = join(import.meta.dirname, '../../tools/mcp/servers/hostile-server.mjs');

/** A project with a hostile server in it, and a jail for servers beside Mission Control's own data. */
export class JailBench {
  /** Holds all of it. */
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'server-jail-')));
  readonly project = join(this.root, 'project');
  readonly home = join(this.root, 'home');
  readonly breaches: string[] = [];
  readonly jail: ServerJail;

  constructor(bounds: Partial<ScriptLimits> = {}) {
    // As root a jail has everybody's rights outside the project.
    chmodSync(this.root, 0o755);
    this.write('project/README.md', 'read me');
    this.write('home/operator.key', 'mc_secret');
    this.write('beside.txt', 'not yours');
    cpSync(HOSTILE, join(this.project, 'server.mjs'));
    const { project, home } = this;
    this.jail = new ServerJail({
      way: way!,
      project,
      scratchRoot: join(home, 'scratch'),
      confidential: [home],
      closed: [],
      onBreach: (path) => void this.breaches.push(path),
      bounds,
    });
  }

  write(path: string, text: string): string {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** The hostile server in the project. */
  hostile(permissions: string[], more: Partial<McpServerConfig> = {}): McpServerConfig {
    return this.server(['server.mjs'], { permissions, ...more } as never);
  }

  /** A Node server of the project. */
  server(args: string[], more: Partial<McpServerConfig> = {}): McpServerConfig {
    const { project: cwd } = this;
    const usual = { transport: 'stdio', command: process.execPath, args, env: {}, cwd };
    return { ...usual, permissions: [], ...more } as McpServerConfig;
  }

  async close(): Promise<void> {
    await this.jail.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

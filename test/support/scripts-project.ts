import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import type { Tools } from '../../src/activities/steps/step-runner.js';
import { DEFAULT_CEILINGS } from '../../src/contracts/catalog.js';
import type { Plan } from '../../src/contracts/plan.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { probeJail } from '../../src/sandbox/bubblewrap/probe-jail.js';
import { Library } from '../../src/platform/library/library.js';
import { ScriptHost } from '../../src/tools/scripts/script-host.js';

/**
 * A temporary project and the hosts that run its scripts, jailed where the
 * machine supports it.
 */
export class ScriptsProject {
  readonly path = mkdtempSync(join(tmpdir(), 'mission-project-'));
  readonly library: Library;
  private readonly hosts: ScriptHost[] = [];

  constructor(mcpServers: string[] = [], models: string[] = []) {
    const { path } = this;
    const ceilings = DEFAULT_CEILINGS;
    this.library = new Library({
      project: path,
      userHome: path,
      mcpServers,
      models: Object.fromEntries(models.map((name) => [name, {}])),
      ceilings,
    });
  }

  write(path: string, text: string): void {
    const file = join(this.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Compiles a directive's text, which must have no diagnostics. */
  async plan(text: string): Promise<Plan> {
    const { plan, diagnostics } = compileDirective(text, await this.library.catalog());
    expect(diagnostics).toEqual([]);
    return plan!;
  }

  /**
   * Creates the tools of one worker, with their own processes and scratch
   * directory.
   */
  async tools(): Promise<Pick<Tools, 'projectScripts' | 'findScript' | 'projectPath'>> {
    const probe = await probeJail(this.path);
    const jail = 'way' in probe ? probe.way : undefined;
    const scratchRoot = `${this.path}-scratch`;
    const projectScripts = new ScriptHost({ projectPath: this.path, scratchRoot, jail });
    this.hosts.push(projectScripts);
    const findScript = async (name: string) =>
      (await this.library.catalog()).projectScripts.get(name);
    return { projectScripts, findScript, projectPath: this.path };
  }

  async close(): Promise<void> {
    for (const host of this.hosts) await host.close();
    rmSync(this.path, { recursive: true });
    rmSync(`${this.path}-scratch`, { recursive: true });
  }
}

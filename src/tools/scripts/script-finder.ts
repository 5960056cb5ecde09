import { MissionError } from '../../contracts/errors.js';
import type { ProjectScript } from '../../contracts/script.js';
import { listProjectScripts } from '../../platform/library/project-scripts.js';

const FRESH_MS = 250;

/**
 * Finds a project's script by name. The directories are read at most four times
 * a second.
 */
export class ScriptFinder {
  private listing: Promise<Map<string, ProjectScript>> | undefined;
  private readAt = 0;

  /**
   * @param refusal the reason why no script of the project is run; absent when
   * they are run
   */
  constructor(
    private readonly projectPath: string,
    private readonly refusal?: string,
  ) {}

  find = async (name: string): Promise<ProjectScript | undefined> => {
    if (this.refusal !== undefined) {
      throw new MissionError(
        'script_not_available',
        `The script ${name} is not run: ${this.refusal}.`,
      );
    }
    if (!this.listing || Date.now() - this.readAt > FRESH_MS) {
      this.readAt = Date.now();
      this.listing = listProjectScripts(this.projectPath);
    }
    return (await this.listing).get(name);
  };
}

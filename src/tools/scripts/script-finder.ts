import { MissionError } from '../../contracts/errors.js';
import type { ProjectScript } from '../../contracts/script.js';
import { listProjectScripts } from '../../platform/project-scripts.js';

const FRESH_MS = 250;

/** Finds a project's script by name. The folders are read at most four times a second. */
export class ScriptFinder {
  private listing: Promise<Map<string, ProjectScript>> | undefined;
  private readAt = 0;

  /** @param trust `none`: the operator has switched the project's scripts off */
  constructor(
    private readonly projectPath: string,
    private readonly trust: 'local' | 'none' = 'local',
  ) {}

  find = async (name: string): Promise<ProjectScript | undefined> => {
    if (this.trust === 'none') {
      const text = `The script ${name} is not run: mission.yaml says scripts.trust: none.`;
      throw new MissionError('script_not_available', text);
    }
    if (!this.listing || Date.now() - this.readAt > FRESH_MS) {
      this.readAt = Date.now();
      this.listing = listProjectScripts(this.projectPath);
    }
    return (await this.listing).get(name);
  };
}

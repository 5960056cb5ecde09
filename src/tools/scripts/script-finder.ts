import type { ProjectScript } from '../../contracts/script.js';
import { listProjectScripts } from '../../platform/project-scripts.js';

const FRESH_MS = 250;

/** Finds a project's script by name. The folders are read at most four times a second. */
export class ScriptFinder {
  private listing: Promise<Map<string, ProjectScript>> | undefined;
  private readAt = 0;

  constructor(private readonly projectPath: string) {}

  find = async (name: string): Promise<ProjectScript | undefined> => {
    if (!this.listing || Date.now() - this.readAt > FRESH_MS) {
      this.readAt = Date.now();
      this.listing = listProjectScripts(this.projectPath);
    }
    return (await this.listing).get(name);
  };
}

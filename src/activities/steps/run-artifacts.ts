import type { Artifact } from '../../contracts/artifact.js';
import type { ArtifactExchange, SharedFolder } from '../../contracts/script.js';
import type { ArtifactStore } from '../../runs/values/artifact-store.js';
import { fillFolder, readFolder } from '../../tools/scripts/files/artifact-folder.js';
import type { Redactor } from '../../platform/redaction/redactor.js';
import { looksOf } from '../../tools/scripts/files/folder-looks.js';
import { emptyFolder } from '../../sandbox/files/safe-tree.js';
import type { LogBuffer } from './log-buffer.js';
import { refuseSecretPaths, withoutSecrets } from './without-secrets.js';

/** The place of a step, in the fields of log lines. */
interface Place {
  run_id: string;
  step_path: string;
  iteration: string;
}

/**
 * The artifacts of a run, for the steps of one activity. A step's changes are stored before the step ends, so that the
 * next step finds them on any machine. A step that fails or is cut off changes nothing.
 */
export class RunArtifacts {
  private known: Promise<Artifact[]> | undefined;
  /** True when the run may have artifacts: it had some before, or a step has found or written some. */
  found = false;

  constructor(
    private readonly store: ArtifactStore,
    private readonly runId: string,
    private readonly redactor: Pick<Redactor, 'secretIn'>,
  ) {}

  /** `some`: the run may have had artifacts when this activity began. False saves the query for them. */
  expect(some: boolean): void {
    if (some) this.found = true;
    else this.known ??= Promise.resolve([]);
  }

  /** The exchange of files with the script of one call. */
  exchange(place: Place, log: LogBuffer): ArtifactExchange {
    let given: Artifact[] = [];
    return {
      fill: async (folder) => {
        given = await this.list();
        await this.fill(folder, given);
      },
      collect: async (folder) => {
        const looks = looksOf(folder.path);
        if (looks !== undefined && looks === folder.held?.looks) return;
        folder.held = undefined;
        const known = new Set(given.map(({ hash }) => hash));
        const contents = withoutSecrets(this.store, this.redactor);
        const { files, leftOut } = await readFolder(folder, known, contents);
        refuseSecretPaths(files, this.redactor);
        if (leftOut.length > 0) log.add({ ...left(leftOut), ...place });
        await this.keep(place, given, files);
        const whole = looks !== undefined && leftOut.length === 0;
        if (whole) folder.held = { of: this.keyOf(files), looks };
      },
    };
  }

  /** Fills the folder with the run's files, unless it still holds them unchanged from an earlier call of the run. */
  private async fill(folder: SharedFolder, files: readonly Artifact[]): Promise<void> {
    const of = this.keyOf(files);
    const looks = looksOf(folder.path);
    if (looks !== undefined && folder.held?.of === of && looks === folder.held.looks) return;
    folder.held = undefined;
    await emptyFolder(folder.path);
    if (files.length > 0) await fillFolder(folder, files, this.store);
    const filled = looksOf(folder.path);
    if (filled !== undefined) folder.held = { of, looks: filled };
  }

  private keyOf(files: readonly Artifact[]): string {
    const named = files.map(({ path, hash }) => `${path} ${hash}`);
    return [this.runId, ...named.sort()].join('\n');
  }

  private list(): Promise<Artifact[]> {
    this.known ??= this.read().catch((error) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  private async read(): Promise<Artifact[]> {
    const files = await this.store.list(this.runId);
    this.found ||= files.length > 0;
    return files;
  }

  private async keep(
    { step_path: path, iteration }: Place,
    given: readonly Artifact[],
    files: readonly Artifact[],
  ): Promise<void> {
    const before = new Map(given.map((each) => [each.path, each.hash]));
    const after = new Set(files.map((each) => each.path));
    const written = files.filter((each) => before.get(each.path) !== each.hash);
    const removed = given.map((each) => each.path).filter((each) => !after.has(each));
    if (written.length === 0 && removed.length === 0) return;
    this.found = true;
    await this.store.change(this.runId, { path, iteration }, { written, removed });
    // Parallel steps may have changed other files, so the list is read again.
    this.known = undefined;
  }
}

const left = (paths: readonly string[]) => ({
  level: 'warn' as const,
  source: 'kernel',
  message: `only regular files are stored as artifacts; not stored: ${paths.slice(0, 5).join(', ')}`,
});

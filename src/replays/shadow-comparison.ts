import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../contracts/json/json.js';
import type { PlanStep } from '../contracts/plan.js';
import type { StepNote } from '../contracts/run/segment.js';
import type { StepPlace } from '../contracts/run/place.js';
import type { Difference, DifferenceKind, ShadowReport } from '../contracts/run/shadow.js';
import type { RecordedStep, Recording } from './recording.js';
import { excerpt } from '../language/text/excerpt.js';
import { readsClock } from '../language/plan/reads-clock.js';
import { recordKey } from '../language/plan/steps/record-key.js';
import type { Blobs } from '../runs/values/blobs.js';
import type { ShadowRow } from '../runs/shadows.js';
import { specOf } from '../language/plan/kinds.js';

const MAX_DIFFERENCES = 1_000;
const SHOWN_BYTES = 4 * 1024;

type Named = StepPlace & { name: string };

/** Compares a shadow run with the recorded run, and writes the rows of the shadow run. */
export class Comparison {
  private compared = 0;
  private total = 0;
  private readonly differences: Difference[] = [];
  private readonly matched = new Set<string>();
  private readonly moved: ReadonlyMap<string, RecordedStep>;
  private rows: ShadowRow[] = [];
  private pending: Promise<void>[] = [];

  constructor(
    private readonly recording: Recording,
    private readonly positions: ReadonlyMap<string, { steps: readonly PlanStep[]; index: number }>,
    private readonly blobs: Blobs,
    private readonly write: (rows: ShadowRow[]) => Promise<void>,
  ) {
    const gone = [...recording.rows].filter(({ path }) => !positions.has(path));
    this.moved = new Map(gone.map((row) => [`${row.name}#${row.iteration}`, row]));
  }

  /** The recorded row of a step, by its place, or by its name when the recorded place is not in the Plan any more. */
  rowOf({ path, iteration, name }: Named): RecordedStep | undefined {
    const row = this.recording.at({ path, iteration }) ?? this.moved.get(`${name}#${iteration}`);
    if (row) this.matched.add(recordKey(row));
    return row;
  }

  /** Records that a call or a wait was answered by a recorded row, and compares the inputs. */
  async called(step: PlanStep, place: StepPlace, row: RecordedStep, inputs: Json | undefined) {
    // The end of a wait is also reported to `ended`, which counts it.
    if (specOf(step).nature !== 'awaited') this.compared++;
    const { status, result, error } = row;
    this.row(step, place, { status: status as 'success', inputs, result, error }, true);
    if (inputs === undefined || row.inputs == null || readsClock(step as never)) return;
    await this.compare('inputs', { ...place, name: step.name }, row.inputs, inputs);
  }

  /** Records that a call or a wait has no recorded answer. */
  async unanswered(
    step: PlanStep,
    place: StepPlace,
    row: RecordedStep | undefined,
    inputs: Json | undefined,
  ): Promise<void> {
    const at = { ...place, name: step.name };
    if (row) this.differ('status', at, row.status, 'called');
    else this.differ('only_in_shadow', at, null, await this.shown(inputs ?? null));
    this.row(step, place, { status: 'pending', inputs }, false);
  }

  /** Records and compares a step that the interpreter itself ended. */
  ended(note: StepNote, row: RecordedStep | undefined): void {
    const { status, result, error } = note;
    const step = this.stepAt(note.path);
    const { path, iteration, name } = note;
    const at = { path, iteration, name };
    if (step && status !== 'waiting') {
      this.row(step, note, { status, inputs: note.inputs, result, error: error ?? null }, false);
    }
    if (!row) {
      if (status !== 'skipped') this.differ('only_in_shadow', at, null, status);
      return;
    }
    this.compared++;
    if (row.status !== status) this.differ('status', at, row.status, status);
    else if (status === 'error') this.errors(at, row, note);
    else if (step && specOf(step).nature === 'value' && !readsClock(step as never)) {
      this.pending.push(this.compare('result', at, row.result, result ?? null));
    }
  }

  differ(kind: DifferenceKind, { path, iteration, name }: Named, recorded: Json, shadow: Json) {
    this.total++;
    if (this.differences.length >= MAX_DIFFERENCES) return;
    this.differences.push({ kind, path, iteration, name, recorded, shadow });
  }

  /** Records the steps that only the recorded run executed. */
  leftOver(): void {
    for (const row of this.recording.rows) {
      // Rows of hooks are left out: those of attempts before the last one have no counterpart in the shadow run.
      const ofHook = row.path.includes('/.');
      if (this.matched.has(recordKey(row)) || row.status === 'skipped' || ofHook) continue;
      this.differ('only_in_recording', row, row.status, null);
    }
  }

  async outcome(recorded: Json, shadow: Json): Promise<void> {
    await this.compare('outcome', { path: '', iteration: '', name: '' }, recorded, shadow);
  }

  /** Resolves when all comparisons so far are done and all rows so far are written. */
  async flush(): Promise<void> {
    const [pending, rows] = [this.pending, this.rows];
    [this.pending, this.rows] = [[], []];
    await Promise.all(pending);
    if (rows.length > 0) await this.write(rows);
  }

  report(): ShadowReport {
    const { compared, total, differences } = this;
    return { compared, total, differences };
  }

  private errors(at: Named, { error: was }: RecordedStep, { error: is }: StepNote): void {
    if (was?.code === is?.code && was?.message === is?.message) return;
    this.differ('error', at, was as unknown as Json, (is ?? null) as unknown as Json);
  }

  private async compare(kind: DifferenceKind, at: Named, recorded: Json, shadow: Json) {
    if (isDeepStrictEqual(recorded, shadow)) return;
    const [was, is] = await Promise.all(
      [recorded, shadow].map((value) => this.blobs.resolve(value)),
    );
    if (isDeepStrictEqual(was, is)) return;
    this.differ(kind, at, await this.shown(was!), await this.shown(is!));
  }

  private async shown(value: Json): Promise<Json> {
    const whole = await this.blobs.resolve(value);
    return JSON.stringify(whole).length <= SHOWN_BYTES
      ? whole
      : excerpt(whole).slice(0, SHOWN_BYTES);
  }

  private stepAt(path: string): PlanStep | undefined {
    const position = this.positions.get(path);
    return position?.steps[position.index];
  }

  private row(
    { name, kind }: Pick<PlanStep, 'name' | 'kind'>,
    { path, iteration }: StepPlace,
    ended: Pick<ShadowRow, 'status' | 'inputs' | 'result' | 'error'>,
    reused: boolean,
  ): void {
    this.rows.push({ path, iteration, name, kind, ...ended, reused });
  }
}

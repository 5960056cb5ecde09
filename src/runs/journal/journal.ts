import type { DataSource } from 'typeorm';
import type { StepError } from '../../contracts/errors.js';
import type { Json } from '../../contracts/json/json.js';
import type { ShownProgress, StepPlace } from '../../contracts/run/place.js';
import type { Spent } from '../../contracts/run/spent.js';
import type { StepNote } from '../../contracts/run/segment.js';
import type { Compensation } from '../../contracts/run/run-input.js';
import type { Notifier } from '../../platform/database/listening/notifier.js';
import { plainText } from '../../platform/database/sql/plain-text.js';
import { query } from '../../platform/database/sql/query.js';
import { toRecords } from './journal-records.js';
import {
  type EndedStep,
  type Flags,
  type JournalRow,
  type KnownStep,
  type OpenedSegment,
  type OpenedStep,
  type OwnStepRow,
  StaleFence,
} from './journal-row.js';
import {
  cancelInside,
  CLOSE_END,
  CLOSE_STEP,
  COMMIT,
  COMMIT_END,
  knownSteps,
  NOTE,
  OPEN_SEGMENT,
  OPEN_STEP,
  type OwnStepValues,
  SHOW_PROGRESS,
  SHOW_STEP,
  type StepEndValues,
  undoPage,
  type Written,
} from './journal.sql.js';

/** A segment, and the fence under which this worker writes. */
export interface HeldSegment {
  runId: string;
  segment: string;
  fence: number;
}

/** The step journal. A step's end is written before any step that follows it begins. */
export class Journal {
  constructor(
    private readonly dataSource: DataSource,
    private readonly notifier: Notifier,
  ) {}

  /** Raises a segment's fence: writes under an older fence fail from now on. */
  async openSegment(runId: string, segment: string): Promise<OpenedSegment> {
    const [row] = await OPEN_SEGMENT.run(this.dataSource, { run: runId, segment });
    return row!;
  }

  /** The ended steps at some paths within an iteration, by `path#iteration`. */
  async known(runId: string, paths: string[], iteration: string): Promise<Map<string, KnownStep>> {
    const wanted = knownSteps(runId, paths, iteration);
    const rows = await query<KnownStep & StepPlace>(this.dataSource, wanted);
    return new Map(rows.map((row) => [`${row.path}#${row.iteration}`, row]));
  }

  /** Commits rows of a segment. Throws StaleFence when a newer start of the segment holds the fence. */
  async commit({ runId, segment, fence }: HeldSegment, rows: JournalRow[]): Promise<Flags> {
    const records = JSON.stringify(toRecords(rows));
    const values = { run: runId, segment, fence, rows: records };
    const [answer] = await COMMIT.run(this.dataSource, values);
    checkWritten(answer, rows, `segment ${segment} of ${runId}`);
    this.notifier.changed();
    const { cancelRequested, pauses } = answer!;
    return { cancelRequested, pauses };
  }

  /**
   * Commits the last rows of a run that has succeeded, together with its end. False = the rows are written, the end is not.
   * Throws StaleFence when a newer start of the segment holds the fence.
   */
  async commitEnd(
    { runId, segment, fence }: HeldSegment,
    rows: JournalRow[],
    { result, spent, engineRunId }: { result: Json; spent: Spent; engineRunId: string },
  ): Promise<boolean> {
    const records = toRecords(rows);
    const [answer] = await COMMIT_END.run(this.dataSource, {
      run: runId,
      segment,
      fence,
      rows: JSON.stringify(records),
      count: records.length,
      result: JSON.stringify(result),
      spent: JSON.stringify(spent),
      engineRun: engineRunId,
    });
    if (!answer?.ended) checkWritten(answer, rows, `segment ${segment} of ${runId}`);
    return Boolean(answer?.ended);
  }

  /** Writes the rows of steps that the workflow itself finished, without a fence. */
  async notes(runId: string, notes: StepNote[]): Promise<void> {
    if (notes.length === 0) return;
    const rows = toRecords(notes.map((note) => ({ ...note, fused: false })));
    await NOTE.run(this.dataSource, { run: runId, rows: JSON.stringify(rows) });
    this.notifier.changed();
  }

  /** Cancels the rows of running steps inside a step or a branch (whose path ends with `[]`) that was abandoned. */
  async drop(runId: string, { path, iteration }: StepPlace): Promise<void> {
    const inside = `${path.replace(/\[\]$/, '')}/`;
    await query(this.dataSource, cancelInside(runId, inside, iteration));
    this.notifier.changed();
  }

  /** A page of the finished steps that have a compensation, the last completed first. `after`: the cursor of the page before. */
  pendingCompensations(runId: string, after: string | null): Promise<Compensation[]> {
    return query<Compensation>(this.dataSource, undoPage(runId, after));
  }

  /** Marks an own step as running under a new fence, unless this attempt of it has finished already. */
  async openStep(runId: string, step: OwnStepRow): Promise<OpenedStep> {
    const [row] = await OPEN_STEP.run(this.dataSource, valuesOf(runId, step));
    this.notifier.changed();
    return row!;
  }

  /** Writes that the first start of an attempt is running; called only for attempts that take long. */
  async showStep(runId: string, step: OwnStepRow): Promise<void> {
    await SHOW_STEP.run(this.dataSource, valuesOf(runId, step));
    this.notifier.changed();
  }

  /** Writes the progress of a running step. */
  async showProgress(
    runId: string,
    step: Omit<OwnStepRow, 'inputs'> & { fused: boolean },
    progress: ShownProgress,
  ): Promise<void> {
    const path = plainText(step.path);
    const values = { ...step, run: runId, path, progress: JSON.stringify(progress) };
    await SHOW_PROGRESS.run(this.dataSource, values);
    this.notifier.changed();
  }

  /** Writes the end of an own step. Throws StaleFence when a newer start of the step holds the fence. */
  async closeStep(
    runId: string,
    step: EndedStep,
    end: { result: Json } | { error: StepError },
  ): Promise<void> {
    const notifies = this.notifier.take();
    const [row] = await CLOSE_STEP.run(this.dataSource, endOf(runId, step, end, notifies));
    if (!row?.held) throw new StaleFence(`step ${step.path} of ${runId}`);
    if (!notifies) this.notifier.changed();
  }

  /**
   * Writes the success of a run's last step, together with the run's end. False = the step is written, the end is not.
   * Throws StaleFence when a newer start of the step holds the fence.
   */
  async closeEnd(
    runId: string,
    step: EndedStep,
    end: { result: Json },
    { spent, engineRunId }: { spent: Spent; engineRunId: string },
  ): Promise<boolean> {
    const values = endOf(runId, step, end, false);
    const ended = { spent: JSON.stringify(spent), engineRun: engineRunId };
    const [row] = await CLOSE_END.run(this.dataSource, { ...values, ...ended });
    if (!row?.held) throw new StaleFence(`step ${step.path} of ${runId}`);
    return row.ended !== null;
  }
}

/** The parameters of the statement that ends an own step. `notifies`: the statement itself sends the notification. */
function endOf(
  runId: string,
  step: EndedStep,
  end: { result: Json } | { error: StepError },
  notifies: boolean,
): StepEndValues {
  const failed = 'error' in end;
  const { fence, completed_ms } = step;
  return {
    ...valuesOf(runId, step),
    fence,
    completed_ms,
    notifies,
    status: failed ? 'error' : 'success',
    result: failed ? null : JSON.stringify(end.result),
    error: failed ? JSON.stringify(end.error) : null,
    undo: failed || step.undo === undefined ? null : JSON.stringify(step.undo),
  };
}

const valuesOf = (run: string, step: OwnStepRow): OwnStepValues => {
  const { path, iteration, name, kind, attempt, inputs, started_ms } = step;
  return { run, path, iteration, name, kind, attempt, inputs: JSON.stringify(inputs), started_ms };
};

/** Throws StaleFence when the fence is lost, or another writer has written a vital row. */
function checkWritten(answer: Written | undefined, rows: JournalRow[], where: string): void {
  const written = new Set(answer?.written?.map(([path, iteration]) => `${path}#${iteration}`));
  const lost = rows.some((row) => row.vital && !written.has(`${row.path}#${row.iteration}`));
  if (!answer?.held || lost) throw new StaleFence(where);
}

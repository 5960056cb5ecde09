import type { DataSource } from 'typeorm';
import { KERNEL_ACTOR } from '../../contracts/execution.js';
import type { Recorder } from '../../observation/record.js';

const PAUSE = `UPDATE automations SET enabled = false, pause_note = $2, paused_by = '${KERNEL_ACTOR}', failures = 0,
    version = version + 1, updated_at = now()
  WHERE id = $1 AND enabled RETURNING id`;

export interface KernelPause {
  id: string;
  name: string;
  /** The kind of the alert. */
  kind: string;
  note: string;
  /** The run that shows why. */
  run: string | null;
}

/** Pauses an automation for its own good, with one alert and an audit row. */
export async function pauseByKernel(
  dataSource: DataSource,
  recorder: Recorder,
  { id, name, kind, note, run }: KernelPause,
): Promise<void> {
  const [rows] = await dataSource.query<[unknown[]]>(PAUSE, [id, note]);
  if (rows.length === 0) return;
  await recorder.audit({
    actor: KERNEL_ACTOR,
    action: 'automation.pause',
    target: `automation:${name}`,
    data: { reason: note },
  });
  await recorder.alert({
    kind,
    severity: 'critical',
    subject: `automation:${name}`,
    message: `The automation ${name} was paused: ${note}. Mend it, then mission automations resume ${name}.`,
    data: { automation: id },
    ...(run !== null && { run_id: run }),
  });
}

import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A file of a run, as its steps left it. The content goes by its hash. */
@Entity('artifacts')
@Index('idx_artifacts_hash', ['hash'])
export class ArtifactRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  /** Relative, with `/`. */
  @PrimaryColumn({ type: 'text' })
  path: string;

  /** SHA-256. */
  @Column({ type: 'text' })
  hash: string;

  @Column({ type: 'integer' })
  bytes: number;

  /** The step that left it. */
  @Column({ type: 'text' })
  step_path: string;

  @Column({ type: 'text', default: '' })
  iteration: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}

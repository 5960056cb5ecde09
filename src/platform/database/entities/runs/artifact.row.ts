import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An artifact: a file of a run, as its steps left the file. Runs with equal files share the content. */
@Entity('artifacts')
@Index('idx_artifacts_hash', ['hash'])
export class ArtifactRow {
  @PrimaryColumn({ type: 'text' })
  run_id: string;

  /** The relative path, with `/`. */
  @PrimaryColumn({ type: 'text' })
  path: string;

  /** The SHA-256 of the content. */
  @Column({ type: 'text' })
  hash: string;

  @Column({ type: 'integer' })
  bytes: number;

  /** The path of the step that wrote the file last. */
  @Column({ type: 'text' })
  step_path: string;

  @Column({ type: 'text', default: '' })
  iteration: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}

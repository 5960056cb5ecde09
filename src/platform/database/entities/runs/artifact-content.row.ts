import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The content of files of runs, by its SHA-256. */
@Entity('artifact_contents')
export class ArtifactContentRow {
  @PrimaryColumn({ type: 'text' })
  hash: string;

  @Column({ type: 'integer' })
  bytes: number;

  /** When a run last came to have it. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  used_at: Date;
}

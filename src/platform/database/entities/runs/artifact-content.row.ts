import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The content of artifacts, by its SHA-256. Its pieces are `artifact_chunks`. */
@Entity('artifact_contents')
export class ArtifactContentRow {
  @PrimaryColumn({ type: 'text' })
  hash: string;

  @Column({ type: 'integer' })
  bytes: number;

  /** The time at which a run last stored this content. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  used_at: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A piece of a content, small enough to be held in memory. */
@Entity('artifact_chunks')
export class ArtifactChunkRow {
  @PrimaryColumn({ type: 'text' })
  hash: string;

  /** From 0. */
  @PrimaryColumn({ type: 'integer' })
  part: number;

  @Column({ type: 'bytea' })
  data: Buffer;
}

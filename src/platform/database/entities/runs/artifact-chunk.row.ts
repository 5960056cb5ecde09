import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A piece of an artifact's content, at most 1 MiB. */
@Entity('artifact_chunks')
export class ArtifactChunkRow {
  @PrimaryColumn({ type: 'text' })
  hash: string;

  /** The position of the piece, from 0. */
  @PrimaryColumn({ type: 'integer' })
  part: number;

  @Column({ type: 'bytea' })
  data: Buffer;
}

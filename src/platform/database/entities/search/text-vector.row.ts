import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a text means, as a model of meaning computed it. */
@Entity('text_vectors')
@Index('idx_text_vectors_used_at', ['used_at'])
export class TextVectorRow {
  @PrimaryColumn({ type: 'text' })
  model: string;

  /** SHA-256 of the text. */
  @PrimaryColumn({ type: 'bytea' })
  hash: Buffer;

  /** Floats of four bytes each. */
  @Column({ type: 'bytea' })
  vector: Buffer;

  /** When it was read last, to a day. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  used_at: Date;
}

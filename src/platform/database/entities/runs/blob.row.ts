import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Json } from '../../../../contracts/json/json.js';

/** A large value, by the SHA-256 of its JSON text. */
@Entity('blobs')
export class BlobRow {
  @PrimaryColumn({ type: 'text' })
  hash: string;

  @Column({ type: 'integer' })
  bytes: number;

  @Column({ type: 'json' })
  value: Json;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}

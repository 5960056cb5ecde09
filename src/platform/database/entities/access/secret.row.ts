import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret at rest: encrypted, with the name of the key that is not in the database. */
@Entity('secrets')
export class SecretRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  key_id: string;

  /** Nonce, ciphertext and tag of AES-256-GCM; the name is bound to them. */
  @Column({ type: 'bytea' })
  sealed: Buffer;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  updated_at: Date;

  @Column({ type: 'text' })
  updated_by: string;
}

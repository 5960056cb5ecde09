import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An encrypted secret. The key `key_id` lies in a file, never in the database. */
@Entity('secrets')
export class SecretRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  key_id: string;

  /** Nonce, ciphertext and tag of AES-256-GCM. The secret's name is authenticated with them. */
  @Column({ type: 'bytea' })
  sealed: Buffer;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  updated_at: Date;

  @Column({ type: 'text' })
  updated_by: string;
}

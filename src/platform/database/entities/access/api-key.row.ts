import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An API key: its SHA-256 is stored, never the key itself. */
@Entity('api_keys')
export class ApiKeyRow {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'text', unique: true })
  hash: string;

  @Column({ type: 'text' })
  name: string;

  /** The actor of requests with this key, such as `operator`. */
  @Column({ type: 'text' })
  actor: string;

  @Column({ type: 'text' })
  role: 'operator';

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  revoked_at: Date | null;
}

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
  role: string;

  /** Permission tags that bound the rights of the role; null = all of them. */
  @Column({ type: 'json', nullable: true })
  rights: string[] | null;

  /** True = the key may only read. */
  @Column({ type: 'boolean', default: false })
  read_only: boolean;

  @Column({ type: 'timestamptz', nullable: true })
  expires_at: Date | null;

  @Column({ type: 'text', nullable: true })
  created_by: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', nullable: true })
  revoked_at: Date | null;
}

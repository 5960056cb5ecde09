import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that all API processes share, to sign what travels through clients. */
@Entity('server_keys')
export class ServerKeyRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** 32 random bytes. */
  @Column({ type: 'bytea' })
  key: Buffer;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last use of a secret of any source. The audit log has every use. */
@Entity('secret_uses')
export class SecretUseRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  source: 'store' | 'file' | 'environment';

  @Column({ type: 'timestamptz', default: () => 'now()' })
  used_at: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a secret was used last, wherever it came from. Each single use is in the audit trail. */
@Entity('secret_uses')
export class SecretUseRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  source: 'store' | 'file' | 'environment';

  @Column({ type: 'timestamptz', default: () => 'now()' })
  used_at: Date;
}

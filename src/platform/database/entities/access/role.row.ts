import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A role of one's own: a list of rights. */
@Entity('roles')
export class RoleRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** Permission tags. */
  @Column({ type: 'json' })
  rights: string[];

  @Column({ type: 'timestamptz', default: () => 'now()' })
  updated_at: Date;

  @Column({ type: 'text' })
  updated_by: string;
}

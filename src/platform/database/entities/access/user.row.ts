import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person or a program that acts here. Keys belong to users by their name. */
@Entity('users')
export class UserRow {
  @PrimaryColumn({ type: 'text' })
  name: string;

  /** A built-in role, or one of the table `roles`. */
  @Column({ type: 'text' })
  role: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'text' })
  created_by: string;

  /** Since then no key of the user is valid; null = they are. */
  @Column({ type: 'timestamptz', nullable: true })
  disabled_at: Date | null;
}

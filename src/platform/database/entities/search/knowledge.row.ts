import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A note that lies in no file. */
@Entity('internal_knowledge')
export class KnowledgeRow {
  @PrimaryColumn({ type: 'text' })
  id: string;

  @Column({ type: 'text' })
  title: string;

  /** Such as `pattern`, `optimization` or `best_practice`; empty = none. */
  @Column({ type: 'text', default: '' })
  category: string;

  /** Markdown. */
  @Column({ type: 'text' })
  content: string;

  /** From 0 to 1. */
  @Column({ type: 'double precision', default: 1 })
  confidence: number;

  /** Where it was learned: a directive, a run, a person. */
  @Column({ type: 'text', default: '' })
  source: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  created_at: Date;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  updated_at: Date;
}

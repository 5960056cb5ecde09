import { Column } from 'typeorm';

/**
 * The position of a row in the live feeds: the transaction that wrote the row last, and a serial.
 * Readers stay below `pg_snapshot_xmin`, so that a late commit is never skipped.
 */
export abstract class FeedRow {
  @Column({ type: 'bigint', default: () => 'feed_xid()' })
  xid: string;

  @Column({ type: 'bigint', default: () => "nextval('feed_seq')" })
  seq: string;
}

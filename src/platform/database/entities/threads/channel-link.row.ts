import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The project to which a channel is linked: scoped threads of the channel work there. */
@Entity('channel_links')
export class ChannelLinkRow {
  @PrimaryColumn({ type: 'text' })
  channel: string;

  @Column({ type: 'text' })
  project_path: string;

  @Column({ type: 'text' })
  linked_by: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  linked_at: Date;
}

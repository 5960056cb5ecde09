import type { ApiClient } from '../client/api-client.js';
import type { Session } from '../client/session.js';
import type { ChatClient } from './chat-client.js';

/** The state of a chat that commands read and change. */
export interface ChatState {
  session: Session;
  api: ApiClient;
  channel: string;
  chat: ChatClient;
  /** Opens another thread in place of the present one. */
  reopen(): Promise<void>;
  /** Sends a message. */
  say(message: string): Promise<void>;
}

interface SlashCommand {
  usage: string;
  summary: string;
  run(state: ChatState, rest: string): Promise<void>;
}

const COMMANDS: Record<string, SlashCommand> = {
  help: {
    usage: '/help',
    summary: 'show these commands',
    run: async ({ session }) => session.note(helpText()),
  },
  new: {
    usage: '/new',
    summary: 'begin a new conversation',
    async run({ session, reopen }) {
      await reopen();
      session.note('A new conversation.');
    },
  },
  run: {
    usage: '/run NAME [input=value …]',
    summary: 'run a directive',
    async run({ session, say }, rest) {
      if (rest === '') return session.note('Which one? /run NAME [input=value …]');
      const [name, ...inputs] = rest.split(/\s+/);
      await say(`run ${name}${inputs.length === 0 ? '' : ` with ${inputs.join(' ')}`}`);
    },
  },
  status: {
    usage: '/status',
    summary: 'show the conversation, and the project that the channel is linked to',
    async run({ session, chat, api, channel }) {
      const thread = await chat.show();
      const { project_path } = await linkOf(api, channel);
      session.note(
        `thread ${thread.thread_id}: ${thread.directive}, ${thread.status}, ${thread.messages_count} messages`,
      );
      session.note(
        project_path === null
          ? `channel ${channel}: linked to no project`
          : `channel ${channel}: linked to ${project_path}`,
      );
    },
  },
  link: {
    usage: '/link PATH',
    summary: 'link this channel to a folder of the project',
    async run({ session, api, channel }, path) {
      if (path === '') return session.note('Which folder? /link PATH');
      const linked = await api.rest<Link>('PUT', pathOf(channel), { project_path: path });
      session.note(`channel ${channel}: linked to ${linked.project_path}`);
    },
  },
  unlink: {
    usage: '/unlink',
    summary: 'unlink this channel',
    async run({ session, api, channel }) {
      await api.rest('DELETE', pathOf(channel));
      session.note(`channel ${channel}: linked to no project`);
    },
  },
};

interface Link {
  project_path: string | null;
}

const pathOf = (channel: string): string => `/channels/${encodeURIComponent(channel)}`;
const linkOf = (api: ApiClient, channel: string): Promise<Link> => api.rest('GET', pathOf(channel));

const helpText = (): string =>
  [
    ...Object.values(COMMANDS).map(({ usage, summary }) => `${usage.padEnd(28)} ${summary}`),
    `${'/quit'.padEnd(28)} leave; Ctrl-C stops an answer, or leaves`,
  ].join('\n');

/** Carries out a line that begins with a slash. False = the chat is over. */
export async function slashCommand(state: ChatState, line: string): Promise<boolean> {
  const [, name = '', rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  if (['quit', 'exit', 'q'].includes(name)) return false;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) await command.run(state, rest.trim());
  else state.session.note(`There is no command /${name}; see /help.`);
  return true;
}

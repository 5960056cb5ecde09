import type { JsonObject } from '../../contracts/json/json.js';

export const VERB_NAMES = ['search', 'load', 'execute', 'help'] as const;
export type Verb = (typeof VERB_NAMES)[number];

export const ITEM_TYPES = [
  'directive',
  'tool',
  'knowledge',
  'system',
  'thread',
  'execution',
  'request',
] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

/** A verb as clients and models are told of it. */
export interface VerbSpec {
  name: Verb;
  title: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: JsonObject;
}

const itemType = {
  type: 'string',
  enum: [...ITEM_TYPES, 'script'],
  description:
    'directive = workflow or instructions; tool (or script) = a script; knowledge = notes; system = facts about this machine; thread = a conversation; execution = a run; request = a question to a person',
};
const text = (description: string) => ({ type: 'string', description });

/** The kernel's four verbs. The list is the same for every caller. */
export const VERBS: readonly VerbSpec[] = [
  {
    name: 'search',
    title: 'Search',
    description:
      'Find directives, tools, knowledge, runs and more by words. Search before you load or run something. An empty query lists everything.',
    inputSchema: {
      type: 'object',
      properties: {
        item_type: itemType,
        query: text('What to look for, in words'),
        source: {
          type: 'string',
          enum: ['all', 'project', 'user', 'system', 'local', 'registry'],
          description: 'Where to look (default: all)',
        },
        limit: { type: 'integer', minimum: 1, maximum: 100, description: 'Default 10' },
        status: text(
          'Only runs with this status: pending, running, paused, success, error, cancelled',
        ),
        since: text('Only runs since then: ISO 8601, or 24h, 30m, 7d'),
        directive: text('Only runs of this directive'),
        project_path: text('The folder of the project'),
      },
      required: ['item_type'],
    },
  },
  {
    name: 'load',
    title: 'Load',
    description:
      'Read one item: its text, inputs and other facts. For a run: its status, result, error and failed steps.',
    inputSchema: {
      type: 'object',
      properties: {
        item_type: itemType,
        item_id: text('The name or id'),
        source: text('project, user or system; absent = the one that is used'),
        version: text('A version of a directive'),
        project_path: text('The folder of the project'),
      },
      required: ['item_type', 'item_id'],
    },
  },
  {
    name: 'execute',
    title: 'Execute',
    description:
      'Act on an item: run a directive or tool, create, update or delete one, cancel or re-run a run, talk to a thread. A run is waited for up to 20 seconds; then the answer says that it goes on, and load(item_type "execution") tells its end. Closing the call ends the wait, never the run.',
    inputSchema: {
      type: 'object',
      properties: {
        item_type: itemType,
        action: {
          type: 'string',
          description:
            'directive: run, create, update, delete, publish; tool: run; knowledge: create, update, delete; system: run; execution: cancel, rerun; thread: message, read, pause, resume, cancel',
        },
        item_id: text('The name or id'),
        parameters: {
          type: 'object',
          description:
            'For run: {"inputs": {…}}, or the inputs themselves. For create and update: {"content": "…"}. For message: {"message": "…"}.',
          additionalProperties: true,
        },
        project_path: text('The folder of the project'),
      },
      required: ['item_type', 'action'],
    },
  },
  {
    name: 'help',
    title: 'Help',
    description:
      'Learn how the verbs work (topic), or ask a person: action "stuck" when you cannot go on, "escalate" when somebody else must decide, "checkpoint" to have your work so far looked at. A request is kept until a person answers; the call waits up to 20 seconds, and load(item_type "request", item_id) tells the answer later.',
    inputSchema: {
      type: 'object',
      properties: {
        topic: text('overview, search, load, execute, system, directives, tools or knowledge'),
        action: { type: 'string', enum: ['guidance', 'stuck', 'escalate', 'checkpoint'] },
        reason: text('For stuck, escalate, checkpoint: what the matter is'),
        attempts: { description: 'What was tried' },
        options: { type: 'array', description: 'What the person may choose from' },
        context: { description: 'What the person should know' },
        wait_seconds: {
          type: 'integer',
          minimum: 0,
          description: 'How long to wait for the answer (default 20)',
        },
      },
    },
  },
];

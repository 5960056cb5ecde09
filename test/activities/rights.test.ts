import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Decisions } from '../../src/access/permissions/decisions.js';
import { PermissionLog } from '../../src/access/permissions/permission-log.js';
import { Secrets } from '../../src/access/secrets/secrets.js';
import { LogBuffer } from '../../src/activities/steps/log-buffer.js';
import { ModelTurns } from '../../src/activities/models/model-turns.js';
import { type StepCall, StepRunner, type Tools } from '../../src/activities/steps/step-runner.js';
import type { Catalog } from '../../src/contracts/catalog.js';
import { MissionError } from '../../src/contracts/errors.js';
import type { JsonObject } from '../../src/contracts/json/json.js';
import type { CallStep, LlmStep, Plan, PlanStep } from '../../src/contracts/plan.js';
import { ChildRunService } from '../../src/kernel/child-run-service.js';
import { compileDirective } from '../../src/language/compile/compile.js';
import { Redactor } from '../../src/platform/redaction/redactor.js';
import { grantServices } from '../../src/system/services/system-services.js';
import { CATALOG } from '../language/catalog.js';
import { plan as planOf } from '../support/plans.js';

const NAMES = ['files', 'prod', 'prod2', 'stage'];
const RUN = {
  id: 'run-1',
  directive: 'a',
  trigger: 'manual',
  actor: 'operator',
  attempt: 1,
  started_at: '2026-01-01T00:00:00Z',
} as const;

const MANIFESTS = [...CATALOG.scripts.values()].map((manifest) =>
  'mcp_id' in manifest.inputs && manifest.rights[0] !== 'write:logs'
    ? { ...manifest, target: 'mcp_id' }
    : manifest,
);
const KNOWN: Catalog = {
  ...CATALOG,
  scripts: new Map(MANIFESTS.map((each) => [each.name, each])),
  mcpServers: new Set(NAMES),
  models: { names: new Set(NAMES) },
  directives: new Map(
    NAMES.map((name) => [name, { name, version: '1.0.0', inputs: {}, calls: [] }]),
  ),
};

/** How each kind names what it uses, and what the runner does with it. */
interface Kind {
  step(name: string): string;
  /** Absent where the language has no expression there. */
  computed?: string;
  use(name: string, permissions: string[] | null, step: PlanStep): Promise<unknown>;
}

function callOf(step: CallStep, inputs: JsonObject, permissions: string[] | null): StepCall {
  return {
    step,
    path: step.path,
    iteration: '',
    run: RUN,
    inputs,
    attempt: 1,
    permissions,
    declared: {},
    deadlineMs: Date.now() + 60_000,
    signal: new AbortController().signal,
    log: { add: () => undefined } as unknown as LogBuffer,
  };
}

const secrets = new Secrets({
  sources: [{ kind: 'file', read: async () => 'a long value', provide: () => 'write it' } as never],
  recorder: { audit: async () => undefined },
  uses: { note: async () => false } as never,
  redactor: new Redactor(),
});

const models = {
  nameOf: (wanted: string) => wanted,
  affordable: () => undefined,
  ask: async () => ({
    text: 'yes',
    calls: [],
    usage: { input_tokens: 1, output_tokens: 1, cost_usd: 0 },
  }),
};
const turns = new ModelTurns({
  models: models as never,
  conversations: { before: async () => ({ request: {}, past: [] }) } as never,
  history: undefined as never,
  streams: undefined as never,
  tools: { of: async () => [] },
});

const nowhere = { query: async () => [] } as never;
const decisions = new Decisions(nowhere, new PermissionLog(nowhere));

const runner = new StepRunner({
  mcp: { call: async () => 'called' },
  events: { emit: async () => ({ event_id: '1' }) },
  turns,
  secrets,
  redactor: new Redactor(),
  decisions,
  projectPath: '/',
  findScript: async (name: string) => ({ name, language: 'js', file: '/x' }),
  projectScripts: { run: async () => ({}) },
  systemScripts: {
    run: async (name: string, { inputs }: { inputs: JsonObject }, permissions: string[] | null) => {
      const services = grantServices({ mcps: {}, gateway: {}, logs: {} } as never, permissions);
      if (name === 'check_mcp_status') services.mcps(String(inputs.mcp_id));
      else if (name === 'reconnect_mcp') services.gateway(String(inputs.mcp_id));
      else services.logs();
      return {};
    },
  },
} as unknown as Tools);

function spawn(directive: string, permissions: string[] | null) {
  const started: string[] = [];
  const dataSource = { query: async () => started.map((id) => ({ id, bounds: { limits: {} } })) };
  const executor = { start: async () => void started.push('child') };
  const blobs = { resolve: async (value: unknown) => value };
  const spawner = new ChildRunService(
    dataSource as never,
    executor as never,
    blobs as never,
    decisions,
  );
  const bounds = { permissions, limits: planOf([]).limits, deadline_ms: 0 };
  const place = { path: 's', iteration: '', attempt: 1 };
  return spawner.spawn({ run: RUN, directive, inputs: {}, bounds, ...place } as never);
}

const system = (script: string): Kind => ({
  step: (name) => `{ script: ${script}, inputs: { mcp_id: ${name} } }`,
  computed: `{ script: ${script}, inputs: { mcp_id: "{{ inputs.name }}" } }`,
  use: (name, permissions, step) =>
    runner.run(callOf(step as CallStep, { mcp_id: name }, permissions)),
});

const KINDS: Record<string, Kind> = {
  mcp: {
    step: (name) => `{ mcp: { server: ${name}, tool: t } }`,
    computed: '{ mcp: { server: "{{ inputs.name }}", tool: t } }',
    use: (server, permissions, step) =>
      runner.run(callOf(step as CallStep, { server, tool: 't', arguments: {} }, permissions)),
  },
  'tool of a model': {
    step: (name) => `{ llm: { prompt: x, model: files, tools: [${name}/t] } }`,
    use: (server, permissions, step) => {
      const tool = (step as LlmStep).steps[1]!;
      return turn('files', permissions, step).then(() =>
        runner.run(callOf(tool, { server, tool: 't', arguments: {} }, permissions)),
      );
    },
  },
  llm: {
    step: (name) => `{ llm: { prompt: x, model: ${name} } }`,
    computed: '{ llm: { prompt: x, model: "{{ inputs.name }}" } }',
    use: (model, permissions, step) => turn(model, permissions, step),
  },
  emit: {
    step: (name) => `{ emit: ${name} }`,
    computed: '{ emit: "{{ inputs.name }}" }',
    use: (event, permissions, step) =>
      runner.run(callOf(step as CallStep, { event, data: {} }, permissions)),
  },
  directive: {
    step: (name) => `{ directive: ${name} }`,
    use: (name, permissions) => spawn(name, permissions),
  },
  secret: {
    step: (name) => `{ script: count_words, inputs: { text: secret://${name} } }`,
    computed: '{ script: count_words, inputs: { text: "{{ inputs.name }}" } }',
    use: (name, permissions, step) =>
      runner.run(callOf(step as CallStep, { text: `secret://${name}` }, permissions)),
  },
  'script that reads': system('check_mcp_status'),
  'script that acts': system('reconnect_mcp'),
  'script without a target': {
    step: () => '{ script: log_recovery, inputs: { mcp_id: files, message: m } }',
    use: (_, permissions, step) => runner.run(callOf(step as CallStep, {}, permissions)),
  },
};

function turn(model: string, permissions: string[] | null, step: PlanStep): Promise<unknown> {
  const llm = step as LlmStep;
  const call = callOf(llm.steps[0], { prompt: 'x', model }, permissions);
  return runner.run({ ...call, turn: { llm, budget: {} } });
}

const HEAD = 'name: a\nversion: 1.0.0\ndescription: d\ninputs: { name: { type: string } }\n';

/** Whether the compiler finds a right missing. */
function refused(step: string, permissions: string[]): boolean {
  const text = `${HEAD}permissions: ${JSON.stringify(permissions)}\nsteps:\n- ${step}\n`;
  const { diagnostics } = compileDirective(text, KNOWN);
  const other = diagnostics.filter(
    ({ severity, code }) =>
      severity === 'error' && !['permission_missing', 'invalid_permission'].includes(code),
  );
  expect(other).toEqual([]);
  return diagnostics.some(({ code }) => code === 'permission_missing');
}

/** The step as a directive with all rights has it. */
function compiled(step: string): PlanStep {
  const { plan, diagnostics } = compileDirective(`${HEAD}steps:\n- ${step}\n`, KNOWN);
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  return (plan as Plan).steps[0]!;
}

const isDenied = (use: Promise<unknown>): Promise<boolean> =>
  use.then(
    () => false,
    (error: unknown) => {
      if (error instanceof MissionError && error.code === 'permission_denied') return true;
      throw error;
    },
  );

const scope = fc.constantFrom(
  ...NAMES,
  'pr*',
  '?rod',
  'prod?',
  '*',
  '**',
  'f?les',
  'st*e',
  'nobody',
  's**',
);
const RESOURCES = ['mcp_gateway', 'mcps', 'models', 'events', 'directives', 'secrets', 'logs'];
const tag = fc
  .tuple(
    fc.constantFrom('execute', 'read', 'write', 'deny', 'delete'),
    fc.constantFrom('*', ...RESOURCES),
    fc.option(scope, { nil: undefined }),
  )
  .map((parts) => parts.filter((part) => part !== undefined).join(':'));
/** Tags that have to do with a kind are likely. */
const tagsFor = (right: string) => {
  const resource = right.split(':')[1]!;
  const near = fc
    .tuple(fc.constantFrom(right, right, `deny:${resource}`, `${right.split(':')[0]}:*`), scope)
    .chain(([base, of]) => fc.constantFrom(base, `${base}:${of}`));
  // A model's tool is called where the model is asked at all.
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: near }, tag), { maxLength: 5 })
    .map((tags) => (resource === 'mcp_gateway' ? ['execute:models', ...tags] : tags));
};
const RIGHTS: Record<string, string> = {
  mcp: 'execute:mcp_gateway',
  'tool of a model': 'execute:mcp_gateway',
  llm: 'execute:models',
  emit: 'write:events',
  directive: 'execute:directives',
  secret: 'read:secrets',
  'script that reads': 'read:mcps',
  'script that acts': 'execute:mcp_gateway',
  'script without a target': 'write:logs',
};

describe.each(Object.entries(KINDS))('a right to use: %s', (kind, { step, computed, use }) => {
  const plain = compiled(step('files'));
  const general = computed === undefined ? plain : compiled(computed);

  it('is the same for the compiler and the runner', async () => {
    const name = fc.constantFrom(...NAMES);
    await fc.assert(
      fc.asyncProperty(name, tagsFor(RIGHTS[kind]!), async (target, tags) => {
        const text = step(target);
        const made = kind === 'secret' ? compiled(text) : plain;
        expect(await isDenied(use(target, tags, made))).toBe(refused(text, tags));
      }),
      { numRuns: 150 },
    );
  });

  it('is asked for again when what is used was computed', async () => {
    if (computed === undefined) return;
    await fc.assert(
      fc.asyncProperty(tagsFor(RIGHTS[kind]!), async (tags) => {
        const denials = await Promise.all(NAMES.map((name) => isDenied(use(name, tags, general))));
        for (const [index, name] of NAMES.entries()) {
          expect(denials[index]).toBe(refused(step(name), tags));
        }
        // What no run may do is refused before any.
        const isStatic = kind !== 'secret' && refused(computed, tags);
        if (isStatic) expect(denials).toEqual(NAMES.map(() => true));
      }),
      { numRuns: 100 },
    );
  });

  it('is everything where a directive declares no permissions', async () => {
    expect(await isDenied(use('files', null, compiled(step('files'))))).toBe(false);
  });
});

describe('a refusal', () => {
  const call = (permissions: string[]) => {
    const step = compiled(KINDS.mcp!.computed!);
    return KINDS.mcp!.use('prod', permissions, step);
  };

  it('names the right that is missing, and is not tried again', async () => {
    await expect(call(['execute:mcp_gateway:files'])).rejects.toMatchObject({
      code: 'permission_denied',
      message:
        'A call of the MCP server prod needs "execute:mcp_gateway:prod". Add it to the permissions of the directive and of those above it.',
      data: { permission: 'execute:mcp_gateway:prod' },
      retryable: false,
    });
  });

  it('names the tag that forbids it', async () => {
    await expect(call(['execute:mcp_gateway', 'deny:mcp_gateway:?rod'])).rejects.toThrow(
      'The permission "deny:mcp_gateway:?rod" forbids it.',
    );
  });
});

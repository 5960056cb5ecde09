import semver from 'semver';
import type { Catalog } from '../contracts/catalog.js';
import type { Severity } from '../contracts/diagnostic.js';
import { EXECUTION_STATUSES } from '../contracts/execution.js';
import type { DirectiveStep, Plan, PlanStep } from '../contracts/plan.js';
import { planHash } from '../language/plan/plan-hash.js';
import type { Names } from '../language/plan/kind-spec.js';
import { specOf } from '../language/plan/kinds.js';
import { stepPositions } from '../language/plan/steps/step-positions.js';
import type { LivePlan, LiveRunReader, LiveWait } from '../observation/readers/live-run.reader.js';
import type { DirectiveRegistry } from './directive-registry.js';

/** An effect that an edit of a directive has on live runs or on other directives. */
export interface Impact {
  code:
    | 'live_runs'
    | 'live_wait'
    | 'version_reused'
    | 'range_left'
    | 'script_gone'
    | 'server_gone'
    | 'model_gone'
    | 'directive_gone';
  severity: Severity;
  message: string;
  /** Number of live runs that are affected. */
  runs: number;
}

/**
 * Finds the effects of an edit. A live run keeps the Plan that it began with, so an edit does not change its steps. Things
 * that the Plan only names can disappear, however: scripts, servers, models, versions of other directives.
 */
export class PlanImpacts {
  constructor(
    private readonly shelf: Pick<DirectiveRegistry, 'catalog' | 'list'>,
    private readonly live: LiveRunReader,
  ) {}

  /** The effects of replacing the current version of a directive with this Plan. */
  async of(plan: Plan): Promise<Impact[]> {
    const [plans, waits, catalog] = await Promise.all([
      this.live.plans(plan.name),
      this.live.waits(plan.name),
      this.shelf.catalog(),
    ]);
    const own = plans.filter(({ name }) => name === plan.name);
    const reused = await this.live.isReused(plan.name, plan.directive_version, planHash(plan));
    return [
      ...own.map(liveRuns),
      ...(reused ? [versionReused(plan)] : []),
      ...waits.map((wait) => waiting(plan, own, wait)),
      ...plans.flatMap((each) => leftByRun(each, plan)),
      ...(await this.callers(plan)).flatMap((each) => leftByDirective(each, plan)),
      ...own.flatMap((each) => missing(each, catalog, plan.name)),
    ];
  }

  /** The scripts, servers, models and directives that live runs name and the catalog no longer has. */
  async orphans(): Promise<Impact[]> {
    const [plans, catalog] = await Promise.all([this.live.plans(null), this.shelf.catalog()]);
    return plans.flatMap((each) => missing(each, catalog));
  }

  private async callers({ name }: Plan): Promise<Plan[]> {
    const found = await this.shelf.list(null, name);
    return found.flatMap(({ plan }) => (plan && plan.name !== name ? [plan] : []));
  }
}

const runsOf = ({ runs, name, directive_version }: LivePlan): string =>
  `${runs} run${runs === 1 ? '' : 's'} of ${name} ${directive_version}`;

const stepsOf = (plan: Plan): PlanStep[] =>
  [...stepPositions(plan).values()].map(({ steps, index }) => steps[index]!);

function liveRuns(live: LivePlan): Impact {
  const { runs, statuses } = live;
  const detail = EXECUTION_STATUSES.filter((status) => statuses[status]).map(
    (status) => `${statuses[status]} ${status}`,
  );
  const are = runs === 1 ? 'is' : 'are';
  const text = `${runsOf(live)} ${are} in progress (${detail.join(', ')}) and keep${runs === 1 ? 's' : ''} the plan of that version`;
  return { code: 'live_runs', severity: 'info', message: text, runs };
}

function versionReused({ name, directive_version }: Plan): Impact {
  const message = `${name} ${directive_version} was already run with a different plan: raise the version, so that the two can be told apart`;
  return { code: 'version_reused', severity: 'warning', message, runs: 0 };
}

/** A waiting step outlives the edit. The message says so when the new Plan does not have the step, for those who answer it. */
function waiting(plan: Plan, own: readonly LivePlan[], wait: LiveWait): Impact {
  const { step, kind, runs, plan_hash } = wait;
  const version = own.find(({ hash }) => hash === plan_hash)?.directive_version ?? '?';
  const still = stepsOf(plan).some((each) => each.name === step && each.kind === kind);
  const gone = still ? '' : `, which ${plan.directive_version} does not have`;
  const message = `${runs} run${runs === 1 ? '' : 's'} of ${plan.name} ${version} wait${runs === 1 ? 's' : ''} at ${step} (${kind})${gone}: the wait continues`;
  return { code: 'live_wait', severity: still ? 'info' : 'warning', message, runs };
}

/** The steps of `caller` whose version range the new version of this directive does not satisfy. */
const leaving = (caller: Plan, { name, directive_version }: Plan): DirectiveStep[] =>
  stepsOf(caller).filter(
    (step): step is DirectiveStep =>
      step.kind === 'directive' &&
      step.directive === name &&
      step.range !== undefined &&
      !semver.satisfies(directive_version, step.range),
  );

const THEN = 'the step will use the newest version in that range that was ever run, or fail';

function leftByRun(live: LivePlan, plan: Plan): Impact[] {
  return leaving(live.plan, plan).map(({ name, range }) => ({
    code: 'range_left',
    severity: 'warning',
    message: `${runsOf(live)} need${live.runs === 1 ? 's' : ''} ${plan.name}@${range} in step ${name}, but ${plan.directive_version} is outside that range: ${THEN}`,
    runs: live.runs,
  }));
}

function leftByDirective(caller: Plan, plan: Plan): Impact[] {
  return leaving(caller, plan).map(({ name, range }) => ({
    code: 'range_left',
    severity: 'warning',
    message: `${caller.name} needs ${plan.name}@${range} in step ${name}, but ${plan.directive_version} is outside that range: ${THEN}`,
    runs: 0,
  }));
}

/** `kept`: the name of the edited directive, which exists even if the catalog does not have it yet. */
function missing(live: LivePlan, catalog: Catalog, kept?: string): Impact[] {
  const steps = stepsOf(live.plan);
  const names = (nameOf: (names: Names) => string | undefined, there: (name: string) => boolean) =>
    [...new Set(steps.map((step) => nameOf(specOf(step).names(step))))].filter(
      (name) => name !== undefined && !there(name),
    );
  const scripts = names(
    ({ script }) => script,
    (name) => catalog.projectScripts.has(name),
  );
  const servers = names(
    ({ server }) => literal(server),
    (name) => catalog.mcpServers?.has(name) ?? true,
  );
  const models = names(
    ({ model }) => literal(model),
    (name) => catalog.models?.names.has(name) ?? true,
  );
  const directives = names(
    ({ directive }) => (directive?.range ? undefined : directive?.name),
    (name) => name === kept || (catalog.directives?.has(name) ?? true),
  );
  const tell =
    (code: Impact['code'], what: string) =>
    (name: string | undefined): Impact => ({
      code,
      severity: 'warning',
      message: `${runsOf(live)} use${live.runs === 1 ? 's' : ''} ${what} ${name}, which no longer exists: restore it until ${live.runs === 1 ? 'it has' : 'they have'} ended`,
      runs: live.runs,
    });
  return [
    ...scripts.map(tell('script_gone', 'the script')),
    ...servers.map(tell('server_gone', 'the MCP server')),
    ...models.map(tell('model_gone', 'the model')),
    ...directives.map(tell('directive_gone', 'the directive')),
  ];
}

const literal = (template: unknown): string | undefined =>
  typeof template === 'string' && !template.includes('{{') ? template : undefined;

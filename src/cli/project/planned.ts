import type { Plan } from '../../contracts/plan.js';
import { checkFile, checkText, noteDiagnostics, type CheckedFile } from './checked-file.js';
import { CliError, EXIT } from '../terminal/cli-error.js';
import { noDirective, noteTwins } from '../client/directives.js';
import { DOCUMENTS } from '../client/documents.js';
import type { Session } from '../client/session.js';
import { isFile } from '../terminal/target.js';
import type { ProjectContext, ProjectContexts } from './project-context.js';

/** A directive that a command names as FILE, NAME or NAME@VERSION. */
export interface Named {
  shop: ProjectContext;
  checked: CheckedFile;
}

/** Compiles the current text of a directive. */
export async function findCurrent(
  session: Session,
  shops: ProjectContexts,
  target: string,
): Promise<Named> {
  const shop = await shops.of(isFile(target) ? target : undefined);
  const checked = isFile(target)
    ? await checkFile(session, shop, target)
    : await checkNamed(session, shop, target);
  return { shop, checked };
}

async function checkNamed(
  session: Session,
  shop: ProjectContext,
  name: string,
): Promise<CheckedFile> {
  const { directives, problems } = await shop.library.snapshot();
  const found = directives.get(name);
  noteTwins(session, name, problems);
  if (found) return checkText(shop, found.file, found.text);
  throw noDirective(name, [...directives.keys()], problems);
}

/**
 * The plan of a FILE, a NAME or a NAME@VERSION; an earlier version is fetched
 * from the API.
 */
export async function findPlan(
  session: Session,
  shops: ProjectContexts,
  target: string,
): Promise<Plan> {
  const [, name, version] = isFile(target) ? [] : (/^([^@]+)@(.+)$/.exec(target) ?? []);
  if (name !== undefined && version !== undefined) {
    const shop = await shops.of();
    const current = await shop.library.directive(name);
    const { plan } = current ? await checkText(shop, current.file, current.text) : {};
    return plan?.directive_version === version ? plan : storedPlan(session, name, version);
  }
  const { checked } = await findCurrent(session, shops, target);
  if (checked.plan) return checked.plan;
  noteDiagnostics(session, checked);
  throw new CliError(EXIT.failed, 'directive_invalid', `${target} has errors`);
}

async function storedPlan(session: Session, name: string, version: string): Promise<Plan> {
  const api = await session.api();
  const { directive } = await api.graphql<{ directive: { plan: Plan | null } | null }>(
    DOCUMENTS.plan,
    { name, version },
  );
  if (directive?.plan) return directive.plan;
  const hint = `mission directives show ${name} lists the versions that were run`;
  throw new CliError(EXIT.usage, 'not_found', `there is no ${name}@${version}`, hint);
}

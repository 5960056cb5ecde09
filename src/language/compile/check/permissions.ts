import {
  denialOf,
  parsePermission,
  PERMISSION_VERBS,
  permits,
} from '../../../contracts/permission.js';
import type { Template } from '../../../contracts/plan.js';
import { didYouMean } from '../../text/nearest.js';
import type { Report } from '../../parse/report.js';
import type { MapNode, Node, Span } from '../../parse/tree.js';
import type { Context } from './context.js';
import { permissionFault } from './permission-fault.js';
import { readTexts } from '../fields/scalars.js';

/** Reads the declared tags; null when the directive declares none, which warns and means the rights of the actor. */
export function readPermissions(
  report: Report,
  node: Node | undefined,
  root: MapNode,
  scriptRights: readonly string[],
): string[] | null {
  if (!node) {
    const hint = 'add permissions: with what the directive needs, or [] for none';
    report.add(
      'missing_permissions',
      root,
      'without "permissions" a run has all rights of the actor who starts it',
      hint,
    );
    return null;
  }
  const tags = readTexts(report, node, '"permissions"') ?? [];
  const places = node.type === 'list' ? node.items : [];
  for (const item of places) {
    if (item.type === 'scalar' && typeof item.value === 'string')
      checkTag(report, item.value, item, scriptRights);
  }
  return tags;
}

function checkTag(report: Report, tag: string, at: Span, scriptRights: readonly string[]): void {
  const permission = parsePermission(tag);
  if (!permission) {
    const message = `"${tag.slice(0, 80)}" is not a permission`;
    report.add('invalid_permission', at, message, spelled(tag));
    return;
  }
  const fault = permissionFault(permission, scriptRights);
  if (fault) report.add(fault.code, at, fault.message, fault.hint);
  if (permission.resource === 'filesystem' && permission.scope !== undefined) {
    checkFileScope(report, permission.scope, at);
  }
}

/** The corrected spelling of a text that is no valid permission. */
function spelled(tag: string): string {
  const [verb = '', resource = '', ...scope] = tag.split(':').map((part) => part.trim());
  const plain = [verb.toLowerCase(), resource.toLowerCase(), ...scope].join(':');
  if (parsePermission(plain)) return `did you mean "${plain.slice(0, 80)}"?`;
  if (PERMISSION_VERBS.some((each) => each === verb))
    return 'write verb:resource or verb:resource:scope';
  return didYouMean(verb, PERMISSION_VERBS) ?? `the verbs are ${PERMISSION_VERBS.join(', ')}`;
}

function checkFileScope(report: Report, scope: string, at: Span): void {
  const outside = scope.split(/[\\/]/).includes('..') || /^([\\/~]|[A-Za-z]:)/.test(scope);
  if (!outside) return;
  const hint = 'name files relative to the project, such as data/**';
  report.add(
    'invalid_permission',
    at,
    `the files "${scope.slice(0, 80)}" are outside the project`,
    hint,
  );
}

/**
 * Reports a right that a step needs and the directive does not declare; the runner would refuse it in the same way.
 * @param target name of the used thing, the scope of the right; when absent or computed, only the runner checks it
 */
export function checkRight(
  { report, permissions }: Context,
  right: string,
  target: Template | undefined,
  what: string,
  at: Span,
): void {
  const named = typeof target === 'string' && target !== '' && !target.includes('{{');
  const wanted = named ? `${right}:${target}` : right;
  if (permits(permissions, wanted)) return;
  const denial = denialOf(permissions, wanted);
  const has = permissions?.some((tag) => permits([tag], right)) ?? false;
  const missing = has || denial !== undefined ? wanted : right;
  const hint = denial === undefined ? `add "${wanted}" to permissions` : `"${denial}" forbids it`;
  report.add('permission_missing', at, `${what} needs "${missing}"`, hint);
}

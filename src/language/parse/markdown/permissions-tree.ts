import { PERMISSION_VERBS } from '../../../contracts/permission.js';
import { didYouMean } from '../../text/nearest.js';
import type { Report } from '../report.js';
import type { ListNode, ScalarNode } from '../tree.js';
import { type Element, elementOf, elementsOf } from './element.js';
import { listOf, scalar } from './build-tree.js';

/** The resources of the format: our name, and the attribute that limits it. */
const RESOURCES: Record<string, { resource: string; scope: string; verb?: string }> = {
  filesystem: { resource: 'filesystem', scope: 'path' },
  'kiwi-mcp': { resource: 'kernel', scope: 'action', verb: 'execute' },
  kernel: { resource: 'kernel', scope: 'action', verb: 'execute' },
  mcp: { resource: 'mcp_gateway', scope: 'name', verb: 'execute' },
  network: { resource: 'network', scope: 'hosts' },
  directive: { resource: 'directives', scope: 'name' },
  directives: { resource: 'directives', scope: 'name' },
  spawn: { resource: 'directives', scope: 'name', verb: 'execute' },
  model: { resource: 'models', scope: 'name', verb: 'execute' },
  models: { resource: 'models', scope: 'name', verb: 'execute' },
};
/** Resources that exist in the format, and grant nothing here. */
const WITHOUT_EFFECT = new Set(['tool', 'shell', 'env', 'registry']);

/**
 * The permission tags of a directive's `<permissions>`. A conversation may always use its model. Without permissions
 * nothing else is allowed, as the format wants it.
 */
export function permissionsTree(report: Report, metadata: Element): ListNode {
  const permissions = elementOf(metadata, 'permissions');
  const given = permissions ? elementsOf(permissions) : [];
  if (given.length === 0) {
    const hint = 'add <permissions> such as <execute resource="kiwi-mcp" action="*"/>';
    report.add('missing_key', permissions ?? metadata, 'the directive has no permission', hint);
  }
  const tags = given.flatMap((element) => tagsOf(report, element));
  const usesModels = tags.some(({ value }) => String(value).startsWith('execute:models'));
  const model = usesModels ? [] : [scalar('execute:models', permissions ?? metadata)];
  return listOf(permissions ?? metadata, [...tags, ...model]);
}

function tagsOf(report: Report, element: Element): ScalarNode[] {
  const { name: verb, attributes } = element;
  if (!PERMISSION_VERBS.some((each) => each === verb)) {
    const hint = didYouMean(verb, PERMISSION_VERBS) ?? `write ${PERMISSION_VERBS.join(', ')}`;
    report.add('invalid_permission', element, `<${verb.slice(0, 40)}> is no permission`, hint);
    return [];
  }
  const resource = attributes.get('resource');
  if (!resource) {
    report.add('missing_key', element, `<${verb}> has no resource`, 'write resource="filesystem"');
    return [];
  }
  if (WITHOUT_EFFECT.has(resource.value)) return [];
  const known = RESOURCES[resource.value];
  if (!known) {
    const hint =
      didYouMean(resource.value, Object.keys(RESOURCES)) ??
      `the resources are ${Object.keys(RESOURCES).join(', ')}`;
    report.add('invalid_permission', resource, `there is no resource "${resource.value}"`, hint);
    return [];
  }
  const scope = attributes.get(known.scope) ?? attributes.get('scope');
  const scopes = scope ? scope.value.split(',').map((each) => each.trim()) : [undefined];
  const granted = verb === 'deny' ? verb : (known.verb ?? verb);
  return scopes.map((each) => {
    const everything = each === undefined || each === '*' || each === '**/*' || each === '**';
    const tag = `${granted}:${known.resource}${everything ? '' : `:${each}`}`;
    return scalar(tag, scope ?? resource);
  });
}

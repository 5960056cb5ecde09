import { parsePermission, permits } from '../../contracts/permission.js';
import type { Span } from '../parse/tree.js';
import { estimatePlan } from '../plan/estimate/estimate.js';
import type { Rule } from './subject.js';

/** Reports a declared input that no expression reads. */
export const unusedInput: Rule = (subject) => {
  const all = subject.reads.some((path) => path[0] === 'inputs' && path.length === 1);
  const read = new Set(subject.reads.filter(([root]) => root === 'inputs').map((path) => path[1]));
  for (const name of all ? [] : Object.keys(subject.plan.inputs)) {
    if (read.has(name)) continue;
    const at = subject.within('inputs')!.at(name);
    subject.add('unused_input', at, `nothing reads the input "${name}"`, 'remove it, or use it');
  }
};

export const undescribedInput: Rule = (subject) => {
  for (const [name, { description }] of Object.entries(subject.plan.inputs)) {
    if (description !== undefined) continue;
    const at = subject.within('inputs')!.at(name);
    const message = `the input "${name}" has no description`;
    subject.add('undescribed_input', at, message, 'add a description that says what it is for');
  }
};

/** Resources whose use the plan shows. Scripts use files and networks, which the plan does not show. */
const VISIBLE_RESOURCES = ['mcp_gateway', 'directives', 'events', 'models'];

export const unusedPermission: Rule = (subject) => {
  const { plan, catalog, fields } = subject;
  const { rights } = estimatePlan(plan, catalog);
  const node = fields.get('permissions');
  const places = node?.type === 'list' ? node.items : [];
  for (const [index, tag] of (plan.permissions ?? []).entries()) {
    const permission = parsePermission(tag);
    if (
      !permission ||
      permission.verb === 'deny' ||
      !VISIBLE_RESOURCES.includes(permission.resource)
    )
      continue;
    if (rights.some((right) => permits([tag], right))) continue;
    const at: Span = places[index] ?? fields.node;
    subject.add('unused_permission', at, `no step needs "${tag}"`, 'remove it');
  }
};

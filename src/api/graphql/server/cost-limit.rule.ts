import {
  GraphQLError,
  Kind,
  type ASTVisitor,
  type FieldNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

const MAX_COST = 20_000;
/** Assumed length of a list that has no paging arguments. */
const ASSUMED_LENGTH = 10;
/** Assumed length of a page whose size is a variable: the largest page. */
const MAX_PAGE = 100;

/** Bounds the number of fields that a response may have. A field inside a list counts once for each item. */
export function costLimitRule(context: ValidationContext): ASTVisitor {
  const fragments = new Map<string, number>();

  const costOf = ({ selections }: SelectionSetNode): number =>
    selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + costOfField(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) return sum + costOf(selection.selectionSet);
      return sum + costOfFragment(selection.name.value);
    }, 0);

  const costOfField = (field: FieldNode): number =>
    field.selectionSet ? 1 + lengthOf(field) * costOf(field.selectionSet) : 1;

  /** Computes each fragment once. A fragment that contains itself counts 0 there; another rule refuses it. */
  const costOfFragment = (name: string): number => {
    const known = fragments.get(name);
    if (known !== undefined) return known;
    fragments.set(name, 0);
    const fragment = context.getFragment(name);
    const cost = fragment ? costOf(fragment.selectionSet) : 0;
    fragments.set(name, cost);
    return cost;
  };

  return {
    OperationDefinition({ selectionSet }) {
      const cost = costOf(selectionSet);
      if (cost <= MAX_COST) return;
      const message = `The query may return ${cost} fields; the limit is ${MAX_COST}. Request smaller pages or fewer fields.`;
      context.reportError(new GraphQLError(message, { extensions: { code: 'too_large' } }));
    },
  };
}

const LISTS = new Set([
  'steps',
  'versions',
  'workers',
  'tools',
  'mcpServers',
  'diagnostics',
  'leftOutFiles',
]);
const PAGES = new Set(['executions', 'directives', 'logs', 'alerts', 'auditEvents']);
/**
 * Lists of introspection. They are cheap, so they count less than their length: one query may read the whole schema
 * once, but not twice.
 */
const SCHEMA_LISTS = new Map([
  ['types', 20],
  ['fields', 3],
  ['inputFields', 3],
  ['enumValues', 3],
  ['possibleTypes', 3],
  ['args', 3],
]);

/** The number of items that a field may have. The connection counts for its page, so `edges` and `nodes` count as one. */
function lengthOf({ name, arguments: given = [] }: FieldNode): number {
  const first = given.find((argument) => argument.name.value === 'first')?.value;
  if (first?.kind === Kind.INT) return Math.max(1, Number(first.value));
  if (first !== undefined) return MAX_PAGE;
  if (PAGES.has(name.value)) return 20;
  return LISTS.has(name.value) ? ASSUMED_LENGTH : (SCHEMA_LISTS.get(name.value) ?? 1);
}

import { INTENT_MODEL, type ModelNames } from '../../../contracts/catalog.js';
import { didYouMean } from '../../text/nearest.js';
import type { Report } from '../report.js';
import type { Entry, ListNode, MapNode, ScalarNode, Span } from '../tree.js';
import { entry, listOf, mapOf, scalar } from './build-tree.js';
import { type Element, contentSpan, elementOf, elementsOf, textIn } from './element.js';
import { limitsTree, turnsOf } from './limits-tree.js';
import { permissionsTree } from './permissions-tree.js';
import { systemText } from './system-text.js';

const PARTS = ['metadata', 'context', 'inputs', 'process', 'outputs'];
const REQUIRED = ['metadata', 'process', 'outputs'];
const METADATA = [
  'description',
  'category',
  'author',
  'model',
  'permissions',
  'cost',
  'limits',
  'hooks',
  'relationships',
];
/** The tools of every conversation: the kernel's four verbs. */
export const VERB_TOOLS = ['kernel_search', 'kernel_load', 'kernel_execute', 'kernel_help'];

export type KnownModels = ModelNames | null | undefined;

/** The tree of a YAML directive with one `llm` step, made of the elements of a Markdown directive. */
export function instructionsTree(report: Report, root: Element, models: KnownModels): MapNode {
  checkParts(report, root);
  const metadata = elementOf(root, 'metadata');
  const inputs = elementOf(root, 'inputs');
  const entries: (Entry | undefined)[] = [
    attributeEntry(root, 'name'),
    attributeEntry(root, 'version'),
    textEntry(metadata, 'description'),
    inputs && entry('inputs', inputsTree(report, inputs), inputs),
    entry('permissions', permissionsTree(report, metadata ?? root), metadata ?? root),
    entry('limits', limitsTree(report, metadata ?? root), metadata ?? root),
    entry('steps', stepsTree(report, root, models), elementOf(root, 'process') ?? root),
  ];
  return mapOf(
    root,
    entries.filter((each) => each !== undefined),
  );
}

function checkParts(report: Report, root: Element): void {
  for (const name of REQUIRED)
    if (!elementOf(root, name))
      report.add('missing_key', root, `the directive has no <${name}>`, `add <${name}>`);
  known(report, root, PARTS);
  const metadata = elementOf(root, 'metadata');
  if (metadata) known(report, metadata, METADATA);
  const hooks = elementOf(metadata, 'hooks');
  if (hooks && elementsOf(hooks).length > 0) {
    const hint = 'write a YAML directive whose llm step has these hooks';
    report.add('misplaced_key', hooks, 'instructions for a model have no hooks', hint);
  }
}

/** Reports elements that are not known, and those that are there twice. */
function known(report: Report, parent: Element, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const child of elementsOf(parent)) {
    const { name } = child;
    if (!names.includes(name)) {
      const hint = didYouMean(name, names) ?? `the elements are ${names.join(', ')}`;
      report.add(
        'unknown_key',
        child,
        `<${parent.name}> has no element <${name.slice(0, 40)}>`,
        hint,
      );
    } else if (seen.has(name))
      report.add('duplicate_key', child, `<${name}> is there twice`, 'keep one of them');
    seen.add(name);
  }
}

function attributeEntry({ attributes }: Element, name: string): Entry | undefined {
  const found = attributes.get(name);
  return found && entry(name, scalar(found.value, found));
}

function textEntry(parent: Element | undefined, name: string): Entry | undefined {
  const element = elementOf(parent, name);
  const text = element && textIn(element).trim();
  return text ? entry(name, scalar(text.replace(/\s+/g, ' '), contentSpan(element))) : undefined;
}

function inputsTree(report: Report, inputs: Element): MapNode {
  for (const other of elementsOf(inputs).filter(({ name }) => name !== 'input'))
    report.add(
      'unknown_key',
      other,
      `<inputs> has no element <${other.name.slice(0, 40)}>`,
      'write <input name="…">',
    );
  const seen = new Set<string>();
  const entries = elementsOf(inputs, 'input').flatMap((input) => {
    const name = input.attributes.get('name');
    if (!name) {
      report.add('missing_key', input, 'an <input> has no name', 'write <input name="…">');
      return [];
    }
    if (seen.has(name.value)) {
      report.add('duplicate_key', name, `the input "${name.value}" is there twice`, 'remove one');
      return [];
    }
    seen.add(name.value);
    return [entry(name.value, inputTree(report, input), name)];
  });
  return mapOf(inputs, entries);
}

/** The names of the format for types, beside those of JSON Schema. */
const TYPES: Record<string, string> = {
  text: 'string',
  str: 'string',
  int: 'integer',
  float: 'number',
  bool: 'boolean',
  list: 'array',
  dict: 'object',
  map: 'object',
};

function inputTree(report: Report, input: Element): MapNode {
  const { attributes } = input;
  const entries: Entry[] = [];
  const type = attributes.get('type');
  const typeName = type && (TYPES[type.value] ?? type.value);
  if (type && typeName !== 'any') entries.push(entry('type', scalar(typeName!, type)));
  const text = textIn(input).trim().replace(/\s+/g, ' ');
  if (text) entries.push(entry('description', scalar(text, contentSpan(input))));
  const fallback = attributes.get('default');
  const required = attributes.get('required');
  if (fallback)
    entries.push(entry('default', scalar(valueOf(report, fallback, typeName), fallback)));
  const isRequired = required ? required.value !== 'false' : false;
  if (required && !['true', 'false'].includes(required.value))
    report.add(
      'invalid_value',
      required,
      '"required" must be true or false',
      'write required="true"',
    );
  if (!fallback) entries.push(entry('required', scalar(isRequired, required ?? input)));
  const choices = attributes.get('enum') ?? attributes.get('values');
  if (choices) {
    const items = choices.value.split(/[,|]/).map((each) => scalar(each.trim(), choices));
    entries.push(entry('enum', listOf(choices, items)));
  }
  return mapOf(input, entries);
}

function valueOf(
  report: Report,
  { value, ...at }: { value: string } & Span,
  type: string | undefined,
): ScalarNode['value'] {
  if (type === 'boolean' && /^(true|false)$/.test(value)) return value === 'true';
  if (type === 'integer' || type === 'number') {
    const number = Number(value);
    if (value.trim() !== '' && Number.isFinite(number)) return number;
    report.add('invalid_value', at, `the default "${value}" is no number`, 'write a number');
    return null;
  }
  return value;
}

function stepsTree(report: Report, root: Element, models: KnownModels): ListNode {
  const inputs = elementOf(root, 'inputs');
  const process = elementOf(root, 'process');
  const steps = process ? elementsOf(process, 'step') : [];
  if (process && steps.length === 0)
    report.add('empty_steps', process, '<process> has no <step>', 'add at least one step');
  for (const step of steps)
    if (!step.attributes.get('name'))
      report.add('missing_key', step, 'a <step> has no name', 'write <step name="…">');
  const at = process ?? root;
  const names = inputs
    ? elementsOf(inputs, 'input').map((each) => each.attributes.get('name')?.value)
    : [];
  const prompt = names.includes('request')
    ? '{{ inputs.request }}'
    : 'Follow the directive. Its inputs are: {{ json(inputs) }}';
  const model = modelNode(root, models);
  const talk = mapOf(at, [
    entry('prompt', scalar(prompt, at)),
    entry('system', scalar(systemText(root), at)),
    ...(model ? [entry('model', model)] : []),
    entry(
      'tools',
      listOf(
        at,
        VERB_TOOLS.map((tool) => scalar(tool, at)),
      ),
    ),
    entry('max_turns', scalar(turnsOf(root), at)),
  ]);
  const step = mapOf(at, [entry('name', scalar('conversation', at)), entry('llm', talk)]);
  return listOf(at, [step]);
}

/**
 * The model of a conversation: the one that `<model id>` names, the one that is called like its tier, or the default.
 * Where none is configured, the built-in one answers.
 */
function modelNode(root: Element, models: KnownModels): ScalarNode | undefined {
  const model = elementOf(elementOf(root, 'metadata'), 'model');
  const id = model?.attributes.get('id');
  if (id) return scalar(id.value, id);
  if (!models) return undefined;
  const tier = model?.attributes.get('tier')?.value;
  const named = tier !== undefined && models.names.has(tier) ? tier : models.default;
  const [first] = models.names;
  return scalar(named ?? first ?? INTENT_MODEL, model ?? root);
}

import { STEP_KEYS } from '../../definition/step-keys.js';
import { NAME, NAME_HINT } from '../../definition/names.js';
import type { Report } from '../../parse/report.js';
import type { Entry, Node, ScalarNode } from '../../parse/tree.js';

/** Names of steps. Authors' names are collected beforehand; other steps get a name from their kind and position. */
export class StepNames {
  /** Names that the author gave, with the node of the first use. */
  private readonly given = new Map<string, ScalarNode>();
  private readonly started = new Set<string>();
  private position = 0;

  constructor(
    private readonly report: Report,
    root: Node,
  ) {
    this.collect(root);
  }

  /** Name of the next step; must be called in the order of the text. */
  next(given: Node | undefined, kind: string): string {
    this.position++;
    const name = this.valid(given) ?? this.made(kind);
    this.started.add(name);
    return name;
  }

  has(name: string): boolean {
    return this.given.has(name) || this.started.has(name);
  }

  /** True for a step that begins before the current place in the text. */
  hasStarted(name: string): boolean {
    return this.started.has(name);
  }

  all(): string[] {
    return [...new Set([...this.given.keys(), ...this.started])];
  }

  private valid(node: Node | undefined): string | undefined {
    if (!node || node.type === 'unknown') return undefined;
    const name = node.type === 'scalar' ? node.value : null;
    if (typeof name === 'string' && NAME.test(name)) return this.unique(name, node);
    this.report.add('invalid_name', node, 'this is not a valid name for a step', NAME_HINT);
    return undefined;
  }

  private unique(name: string, node: Node): string {
    const first = this.given.get(name);
    if (first && first.offset !== node.offset) {
      const line = this.report.line(first.offset);
      this.report.add(
        'duplicate_name',
        node,
        `line ${line} has a step "${name}" already`,
        'rename one',
      );
    } else if (this.started.has(name)) {
      this.report.add(
        'duplicate_name',
        node,
        `the step "${name}" is used twice`,
        'write the name out',
      );
    }
    return name;
  }

  private made(kind: string): string {
    let number = this.position;
    while (this.has(`${kind}_${number}`)) number++;
    return `${kind}_${number}`;
  }

  private collect(node: Node): void {
    if (node.type === 'list') return node.items.forEach((item) => this.collect(item));
    if (node.type !== 'map') return;
    for (const { key, value } of node.entries)
      if (STEP_KEYS.has(key)) this.collectBelow(key, value);
  }

  private collectBelow(key: string, value: Node): void {
    if (key !== 'conditional') this.remember(value);
    this.collect(value);
  }

  private remember(value: Node): void {
    for (const step of value.type === 'list' ? value.items : [value]) {
      const name =
        step.type === 'map' && step.entries.find((entry: Entry) => entry.key === 'name')?.value;
      if (!name || name.type !== 'scalar' || typeof name.value !== 'string') continue;
      if (!this.given.has(name.value)) this.given.set(name.value, name);
    }
  }
}

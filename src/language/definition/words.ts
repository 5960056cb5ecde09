import type { ValueRule } from './key.js';

/** Formats a text as Markdown code. */
export const code = (text: string): string => `\`${text}\``;

/** Describes the accepted values of a rule in words. */
export function shown(rule: ValueRule): string {
  switch (rule.type) {
    case 'boolean':
      return 'true or false';
    case 'number':
      return numberShown(rule);
    case 'choice':
      return rule.choices.map(code).join(', ');
    case 'expression':
      return 'an expression';
    case 'value':
      return 'any value';
    case 'list':
      return rule.of.type === 'steps' ? 'a list, each of steps' : `a list: ${shown(rule.of)}`;
    case 'map':
      return `\`{${Object.keys(rule.keys).join(', ')}}\``;
    case 'names':
      return `a map of names: ${shown(rule.of)}`;
    case 'steps':
      return 'a step or a list of steps';
    case 'either':
      return rule.of
        .filter(({ type }) => type !== 'null')
        .map(shown)
        .join(', or ');
    case 'text':
    case 'null':
      return rule.type;
  }
}

function numberShown({ integer, above, least, most }: ValueRule & { type: 'number' }): string {
  const bounds = [
    above === undefined ? '' : `above ${above}`,
    least === undefined ? '' : `from ${least}`,
    most === undefined ? '' : `to ${most.toLocaleString('en')}`,
  ].filter(Boolean);
  return [integer ? 'whole number' : 'number', ...bounds].join(' ');
}

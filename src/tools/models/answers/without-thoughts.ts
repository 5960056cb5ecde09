/** The tags between which models write what they think before they answer. */
export const THOUGHT_TAGS = 'think|thinking|thought|thoughts|reasoning|reflection';

const THOUGHTS = new RegExp(
  `<(${THOUGHT_TAGS})>[\\s\\S]*?(?:</\\1>|$)|\\[THINK\\][\\s\\S]*?(?:\\[/THINK\\]|$)`,
  'gi',
);
/** The first tag may have been in the model's template: then the end alone is in the answer. */
const LONE_END = new RegExp(`^[\\s\\S]*?</(?:${THOUGHT_TAGS})>`, 'i');

/** What is left of an answer without the thoughts that stand in its text. */
export const withoutThoughts = (text: string): string =>
  text.replace(THOUGHTS, '').replace(LONE_END, '');

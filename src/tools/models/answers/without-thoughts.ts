/** Tags that enclose the reasoning of models in their text. */
export const THOUGHT_TAGS = 'think|thinking|thought|thoughts|reasoning|reflection';

const THOUGHTS = new RegExp(
  `<(${THOUGHT_TAGS})>[\\s\\S]*?(?:</\\1>|$)|\\[THINK\\][\\s\\S]*?(?:\\[/THINK\\]|$)`,
  'gi',
);
/**
 * The opening tag may be part of the model's template; only the closing tag is
 * then in the answer.
 */
const LONE_END = new RegExp(`^[\\s\\S]*?</(?:${THOUGHT_TAGS})>`, 'i');

/** The text of an answer without the reasoning in it. */
export const withoutThoughts = (text: string): string =>
  text.replace(THOUGHTS, '').replace(LONE_END, '');

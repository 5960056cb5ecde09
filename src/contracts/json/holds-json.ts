/** Whether a text is a whole JSON object or list: somebody may take it for one. */
export function holdsJson(text: string): boolean {
  const trimmed = text.trim();
  if (!/^[{[][^]*[}\]]$/.test(trimmed)) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

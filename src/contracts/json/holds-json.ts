/** True for text that is one complete JSON object or array. Hints then point to `parse_json`.
 */
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

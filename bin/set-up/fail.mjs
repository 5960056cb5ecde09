/** Ends the process with a message for a person. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

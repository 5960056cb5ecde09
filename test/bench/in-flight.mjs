/** Does something `count` times, `size` at a time; the answers in the order of their ends. */
export async function inFlight(count, size, work) {
  const answers = [];
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      answers.push(await work());
    }
  };
  await Promise.all(Array.from({ length: Math.min(size, count) }, lane));
  return answers;
}

export default async ({ inputs: { text } }) => ({ said: text });

export default async ({ inputs: { name, delay_ms } }) => {
  await new Promise((resolve) => setTimeout(resolve, delay_ms));
  return { name };
};

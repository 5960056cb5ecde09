export default async ({ inputs: { fails }, context: { attempt } }) => {
  if (attempt > fails) return { figures: 'today' };
  throw Object.assign(new Error('the source is busy'), { code: 'source_busy' });
};

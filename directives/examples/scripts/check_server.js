export default async ({ inputs: { name } }) => {
  if (name === 'nas') throw new Error('nas does not answer');
  return { status: name === 'db' ? 'full' : 'healthy' };
};

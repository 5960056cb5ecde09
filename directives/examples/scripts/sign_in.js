export default async ({ inputs: { user, password, token } }) => ({
  header: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  echo: `welcome, ${user} with ${token}`,
});

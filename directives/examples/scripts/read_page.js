export default async ({ inputs: { page, of } }) => ({
  rows: [`row ${page}.1`, `row ${page}.2`],
  next: page < of ? page + 1 : null,
});

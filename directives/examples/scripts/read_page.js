// One page of a list: its rows, and the number of the next page. Inputs: page, and of, how many there are.
export default async ({ inputs: { page, of } }) => ({
  rows: [`row ${page}.1`, `row ${page}.2`],
  next: page < of ? page + 1 : null,
});

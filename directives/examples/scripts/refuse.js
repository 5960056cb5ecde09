export default async ({ inputs: { because } }) => {
  throw new Error(because);
};

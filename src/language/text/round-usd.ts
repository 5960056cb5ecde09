/** Rounds US dollars to nine decimals, so that sums carry no binary rounding noise. */
export const roundUsd = (usd: number): number => Math.round(usd * 1e9) / 1e9;

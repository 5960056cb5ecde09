/** Sums of prices without the noise of binary fractions. */
export const roundUsd = (usd: number): number => Math.round(usd * 1e9) / 1e9;

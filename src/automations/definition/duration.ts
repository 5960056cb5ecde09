import { MissionError } from '../../contracts/errors.js';

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * The milliseconds of a duration such as `90s`, `15m`, `26h`, `2d` or `1w`.
 * @throws MissionError `input_invalid`
 */
export function millisecondsOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (unit !== undefined && Number(count) > 0) return Number(count) * UNITS[unit]!;
  throw new MissionError(
    'input_invalid',
    `${JSON.stringify(text.slice(0, 40))} is not a duration; write 90s, 15m, 26h, 2d or 1w`,
  );
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Formats milliseconds: `41 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`;
 * `-` for null.
 */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '-';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${+(ms / 1000).toFixed(1)} s`;
  if (ms < HOUR) return pair(ms, MINUTE, 'min', 1000, 's');
  return ms < DAY ? pair(ms, HOUR, 'h', MINUTE, 'min') : pair(ms, DAY, 'd', HOUR, 'h');
}

function pair(ms: number, large: number, name: string, small: number, rest: string): string {
  const remainder = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${name}${remainder ? ` ${remainder} ${rest}` : ''}`;
}

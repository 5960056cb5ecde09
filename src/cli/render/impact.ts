import type { ImpactView } from '../client/impact.js';
import { paint } from '../terminal/io.js';

const COLOURS = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

/** Formats each finding in one line. */
export const renderImpact = (
  impact: readonly ImpactView[],
  stream: NodeJS.WritableStream,
): string =>
  impact
    .map(({ severity, code, message }) => {
      const head = paint([COLOURS[severity], 'bold'], severity, stream);
      return `${head} ${paint('dim', code, stream)} ${message}`;
    })
    .join('\n');

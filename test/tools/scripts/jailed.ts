import { tmpdir } from 'node:os';
import { describe } from '@jest/globals';
import { probeJail } from '../../../src/sandbox/bubblewrap/probe-jail.js';

const probe = await probeJail(tmpdir());

/** How scripts are jailed on this machine; undefined where they cannot be. */
export const way = 'way' in probe ? probe.way : undefined;
/** Without bubblewrap there is nothing to test; the names of the skipped tests say why. */
export const missing = 'reason' in probe ? ` (skipped: ${probe.reason}; ${probe.hint})` : '';
export const whenJailed = way ? describe : describe.skip;

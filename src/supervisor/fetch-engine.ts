import { MissionError } from '../contracts/errors.js';
import { obtainEngine } from '../platform/temporal/engine.js';

// Gets the Temporal server ahead of the tests, so that a person sees how long that takes.
try {
  await obtainEngine({ say: (line) => console.error(line) });
} catch (error) {
  console.error(error instanceof MissionError ? error.message : error);
  process.exitCode = 1;
}

import { MissionError } from '../contracts/errors.js';
import { obtainEngine } from '../platform/temporal/engine.js';

// Downloads or compiles the Temporal server before the tests, so that its
// progress is visible.
try {
  await obtainEngine({ say: (line) => console.error(line) });
} catch (error) {
  console.error(error instanceof MissionError ? error.message : error);
  process.exitCode = 1;
}

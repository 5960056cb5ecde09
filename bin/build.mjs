// Installs and builds what is missing, and nothing else.
import { setUp } from './set-up/set-up.mjs';

await setUp();

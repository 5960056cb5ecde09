import { removeTestDirectory } from './leftovers.mjs';

export default () => removeTestDirectory(process.env.MISSION_TEST_DIR);

import { expect, test } from '@jest/globals';
import { withoutPoliteness } from '../../src/intent/politeness.js';

test.each([
  ['please deploy it', 'deploy it'],
  ['Hey, could you please just run the backup for me?', 'run the backup'],
  ["I'd like to see the logs, thanks!", 'see the logs'],
  ['would you mind opening the door', 'opening the door'],
  ['ok so then run it now please', 'run it'],
  ['deploy', 'deploy'],
  ['please', 'please'],
])('%s', (message, rest) => {
  expect(withoutPoliteness(message)).toBe(rest);
});

import { describe, expect, test } from '@jest/globals';
import { understand } from '../../src/intent/understand.js';

describe('a message wants', () => {
  test.each<[string, object]>([
    ['hello', { kind: 'greet' }],
    ['thank you!', { kind: 'thanks' }],
    ['are you an AI?', { kind: 'who' }],
    ['help', { kind: 'guide' }],
    ['?', { kind: 'guide' }],
    ['yes please', { kind: 'yes' }],
    ['no thanks', { kind: 'no' }],
    ['again', { kind: 'again' }],
    ['run it again', { kind: 'again' }],
    ['the second one', { kind: 'pick', index: 1 }],
    ['3', { kind: 'pick', index: 2 }],
    ['and the web service too', { kind: 'also', about: 'the web service' }],
    ['stop that', { kind: 'cancel', about: 'that' }],
    ["don't run it", { kind: 'forbid' }],
    ['what is my shell?', { kind: 'system', item: 'shell' }],
    ['run backup with force', { kind: 'run', request: 'backup with force', explicit: true }],
    ['back up the disk', { kind: 'run', request: 'back up the disk', explicit: false }],
    ['how do I back up the disk?', { kind: 'explain', about: 'back up the disk' }],
    ['help me with the disk', { kind: 'explain', about: 'the disk' }],
  ])('%s', (message, wish) => {
    expect(understand(message)).toEqual(wish);
  });
});

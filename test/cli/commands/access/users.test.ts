import { expect, test } from '@jest/globals';
import { type TestApi, withApi } from '../../../api/support.js';
import { mission as call } from '../../support/cli.js';

let api: TestApi;
withApi((opened) => void (api = opened));
const mission = (...argv: string[]) =>
  call(argv, { MISSION_URL: api.url, MISSION_API_KEY: api.key });

test('users and roles are listed, added and disabled', async () => {
  expect((await mission('users', 'list')).err).toContain('no users; add one with');
  await mission('roles', 'set', 'deployer', 'read:executions', 'execute:directives:deploy_*');
  expect((await mission('roles', 'list')).out).toMatch(
    /operator +everything[\s\S]*deployer +read:executions execute:directives:deploy_\*/,
  );
  await mission('users', 'add', 'anna', '--role', 'deployer');
  expect((await mission('users', 'list')).out).toMatch(/anna +deployer +.*enabled/);
  expect((await mission('users', 'disable', 'anna')).out).toContain('anna is disabled');
  expect((await mission('users', 'list', '--json')).out).toContain('"disabledAt":"2');
  expect((await mission('roles', 'set', 'bad', 'nonsense')).err).toContain(
    '"nonsense" is not a right',
  );
});

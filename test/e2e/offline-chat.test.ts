import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Instance } from '../support/instance.js';
import { ThreadClient } from '../support/thread-client.js';

const DEPLOY = `
name: deploy_staging
version: 1.0.0
description: Deploys one service to the staging environment
inputs: { service: { type: string, description: The service to deploy } }
permissions: []
steps: [{ return: { deployed: '{{ inputs.service }}' } }]
`;
const BREAK = `
name: nightly_report
version: 1.0.0
description: Builds the nightly report
permissions: []
steps: [{ name: build, fail: the disk is full }]
`;
const SLOW = `
name: slow_backup
version: 1.0.0
description: Makes a slow backup
permissions: []
steps: [{ name: copy, wait: { duration_seconds: 600 } }]
limits: { duration_seconds: 900 }
`;
const DROP = `
name: drop_database
version: 1.0.0
description: Drops the whole database
permissions: []
steps: [{ return: gone }]
`;

let instance: Instance;
let threads: ThreadClient;

beforeAll(async () => {
  instance = await Instance.create({
    '.ai/directives/deploy_staging.yaml': DEPLOY,
    '.ai/directives/nightly_report.yaml': BREAK,
    '.ai/directives/slow_backup.yaml': SLOW,
    '.ai/directives/drop_database.yaml': DROP,
  });
  await instance.up();
  threads = new ThreadClient(instance);
}, 120_000);
afterAll(() => instance.remove());

/** A conversation with the built-in model, which works without a key and without the internet. */
async function conversation() {
  const id = await threads.open();
  return async (message: string): Promise<string> => (await threads.say(id, message)).response;
}
const runsOf = (name: string) =>
  instance.query(
    'SELECT * FROM directive_executions WHERE directive_name = $1 ORDER BY created_at',
    [name],
  );

it('a directive is found, run by a sentence, and asked for what is missing', async () => {
  const say = await conversation();
  expect(await say('what can I run?')).toContain('`deploy_staging`: Deploys one service');
  expect(await say('please deploy the auth service to staging')).toContain('- deployed: auth');
  expect(await say('and the web service too')).toContain('- deployed: web');
  expect(await say('deploy to staging')).toContain('needs one more input');
  expect(await say('billing')).toContain('- deployed: billing');
  const runs = await runsOf('deploy_staging');
  expect(runs.map(({ inputs, actor }) => [inputs.service, actor])).toEqual(
    ['auth', 'web', 'billing'].map((service) => [service, 'operator']),
  );
  expect(new Set(runs.map(({ thread_id }) => thread_id)).size).toBe(1);
}, 60_000);

it('why a run failed is told, and a run is stopped', async () => {
  const say = await conversation();
  expect(await say('run the nightly report')).toContain('failed in step `build`');
  expect(await say('why did it fail?')).toContain('the disk is full');
  expect(await say('what failed today?')).toContain('nightly_report error');
  expect(await say('run slow_backup')).toContain('is still running');
  expect(await say('stop that')).toContain('is being stopped');
  const [run] = await runsOf('slow_backup');
  expect((await instance.ended(run.id)).status).toBe('cancelled');
}, 120_000);

it('nothing is destroyed without a yes', async () => {
  const say = await conversation();
  expect(await say('drop the database')).toContain('Shall I run `drop_database`');
  expect(await say('no')).toContain('nothing was started');
  expect(await runsOf('drop_database')).toEqual([]);
  await say('drop the database');
  expect(await say('yes')).toContain('`drop_database` is done');
}, 60_000);

it('the kernel answers over HTTP as the remote client calls it', async () => {
  const found = await threads.request('POST', '/tools/search', {
    item_type: 'directive',
    query: 'deploy',
  });
  expect(found.body.results[0].id).toBe('deploy_staging');
  const ran = await threads.request('POST', '/tools/execute', {
    item_type: 'directive',
    action: 'run',
    item_id: 'intent_handler',
    parameters: { location: 'thread', inputs: { request: 'deploy the mail service to staging' } },
  });
  expect(ran.body).toMatchObject({
    success: true,
    response: expect.stringContaining('- deployed: mail'),
    thread_id: expect.stringMatching(/^oneshot_/),
  });
  const wrong = await threads.request('POST', '/tools/destroy', {});
  expect(wrong).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
}, 60_000);

import { expect, test } from '@jest/globals';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { workUnderWay } from '../../src/supervisor/work-under-way.js';
import { insertRun, insertStep } from '../observation/rows.js';
import { createTestDatabase } from '../support/stack.js';

test('names the steps that a worker still has at hand', async () => {
  const { url, drop } = await createTestDatabase();
  const dataSource = await createDataSource(url).initialize();
  try {
    expect(await workUnderWay(url)).toBe('');
    await insertRun(dataSource, 'r', { status: 'running' });
    await insertStep(dataSource, 'r', 'done');
    await insertStep(dataSource, 'r', 'around', { status: 'running', kind: 'foreach' });
    await insertStep(dataSource, 'r', 'slow', { status: 'running' });
    expect(await workUnderWay(url)).toBe('slow of demo (run r)');
    for (const name of ['b', 'c', 'd'])
      await insertStep(dataSource, 'r', name, { status: 'running' });
    expect(await workUnderWay(url)).toMatch(/ of demo \(run r\), and others$/);
  } finally {
    await dataSource.destroy();
    await drop();
  }
});

test('is silent where no database answers', async () => {
  expect(await workUnderWay('postgresql://127.0.0.1:1/x')).toBe('');
});

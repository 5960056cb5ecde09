import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/engine.js';
import { ensureSearchAttributes } from '../../../src/platform/temporal/search-attributes.js';
import { testTemporal } from '../../support/stack.js';

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: await testTemporal() });
}, 60_000);
afterAll(() => connection?.close());

describe('the embedded Temporal server', () => {
  it('keeps closed runs for 72 hours', async () => {
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(72 * 3_600);
  });

  it('knows our search attributes', async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: 'default',
    });
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)),
    );
  });
});

describe('search attributes of a cluster', () => {
  const names = Object.values(SEARCH_ATTRIBUTES);

  it('are registered when they are missing', async () => {
    await connection.operatorService.removeSearchAttributes({
      namespace: 'default',
      searchAttributes: [names[0] as string],
    });
    expect(await ensureSearchAttributes(connection, 'default')).toEqual({ available: true });
    expect(await ensureSearchAttributes(connection, 'default')).toEqual({ available: true });
  });

  it('are done without where that is refused', async () => {
    const refusing = {
      operatorService: {
        listSearchAttributes: () => Promise.reject(new Error('PermissionDenied')),
      },
    } as unknown as Connection;
    expect(await ensureSearchAttributes(refusing, 'default')).toEqual({
      available: false,
      reason: 'PermissionDenied',
    });
  });
});

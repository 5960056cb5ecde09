import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/engine.js';

/** `temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` */
const KEYWORD = 2;

async function missing(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(SEARCH_ATTRIBUTES).filter((name) => customAttributes?.[name] !== KEYWORD);
}

async function register(connection: Connection, namespace: string): Promise<void> {
  const names = await missing(connection, namespace);
  if (names.length === 0) return;
  const searchAttributes = Object.fromEntries(names.map((name) => [name, KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
}

/**
 * Registers the search attributes that the namespace lacks. Where that is not
 * permitted, the caller must start workflows with a memo instead and report it.
 * @returns `reason` says why they are not available
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<{ available: boolean; reason?: string }> {
  try {
    await register(connection, namespace);
    return { available: true };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

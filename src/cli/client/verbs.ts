import type { JsonObject } from '../../contracts/json/json.js';
import type { ApiClient } from './api-client.js';

/** A result of a search, as the API returns it. */
export interface Found {
  id: string;
  type: string;
  score: number;
  preview: string;
  source: string;
  metadata: JsonObject;
}

export interface FoundPage {
  results: Found[];
  total: number;
}

/** Calls `search` of the kernel. */
export const searchItems = (api: ApiClient, args: JsonObject): Promise<FoundPage> =>
  api.rest('POST', '/tools/search', args);

/** Calls `load` of the kernel. */
export const loadItem = <Item>(api: ApiClient, type: string, id: string): Promise<Item> =>
  api.rest('POST', '/tools/load', { item_type: type, item_id: id });

/** Calls `execute` of the kernel. */
export const executeItem = <Answer>(api: ApiClient, args: JsonObject): Promise<Answer> =>
  api.rest('POST', '/tools/execute', args);

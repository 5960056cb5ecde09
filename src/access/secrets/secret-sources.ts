import type { DataSource } from 'typeorm';
import type { Config } from '../../platform/config/config.js';
import { KeyFile } from '../../platform/keys/key-file.js';
import { EnvironmentSource } from './environment-source.js';
import { FileSource } from './file-source.js';
import type { SecretSource } from './secret-source.js';
import { SecretStore } from './secret-store.js';

/** The sources of an instance's secrets. The store is asked first, then `others` in their order. */
export interface SecretSources {
  keyFile: KeyFile;
  store: SecretStore;
  others: SecretSource[];
}

/** Creates the sources that the configuration names. */
export function secretSources(
  dataSource: DataSource,
  { keyFile: path, file, envPrefix }: Config['secrets'],
): SecretSources {
  const keyFile = new KeyFile(path, "Keys that encrypt Mission Control's stored secrets");
  const store = new SecretStore(dataSource, keyFile);
  return { keyFile, store, others: [new FileSource(file), new EnvironmentSource(envPrefix)] };
}

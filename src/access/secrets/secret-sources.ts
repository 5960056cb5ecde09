import type { DataSource } from 'typeorm';
import type { Config } from '../../platform/config/config.js';
import { KeyFile } from '../../platform/keys/key-file.js';
import { EnvironmentSource } from './environment-source.js';
import { FileSource } from './file-source.js';
import type { SecretSource } from './secret-source.js';
import { SecretStore } from './secret-store.js';

/** Where the secrets of an instance come from; the store is asked first. */
export interface SecretSources {
  keyFile: KeyFile;
  store: SecretStore;
  others: SecretSource[];
}

/** The sources that the configuration names. */
export function secretSources(
  dataSource: DataSource,
  { keyFile: path, file, envPrefix }: Config['secrets'],
): SecretSources {
  const keyFile = new KeyFile(path, "Keys of Mission Control's store of secrets");
  const store = new SecretStore(dataSource, keyFile);
  return { keyFile, store, others: [new FileSource(file), new EnvironmentSource(envPrefix)] };
}

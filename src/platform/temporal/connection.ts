import { readFileSync } from 'node:fs';
import type { TemporalConfig, TlsConfig } from '../config/config.js';

/** Options for both `Connection.connect` and `NativeConnection.connect`. */
export interface ConnectionSettings {
  address: string;
  apiKey?: string;
  tls?: {
    serverRootCACertificate?: Buffer;
    clientCertPair?: { crt: Buffer; key: Buffer };
    serverNameOverride?: string;
  };
}

function tlsSettings(tls: TlsConfig): NonNullable<ConnectionSettings['tls']> {
  const { serverCaPath, clientCertPath, clientKeyPath, serverName } = tls;
  return {
    ...(serverCaPath && { serverRootCACertificate: readFileSync(serverCaPath) }),
    ...(clientCertPath &&
      clientKeyPath && {
        clientCertPair: { crt: readFileSync(clientCertPath), key: readFileSync(clientKeyPath) },
      }),
    ...(serverName && { serverNameOverride: serverName }),
  };
}

/**
 * The connection options of the configured cluster, with its certificates read.
 * Without an address: those of the embedded server on its default port.
 */
export function connectionSettings(config: TemporalConfig): ConnectionSettings {
  return {
    address: config.address ?? `127.0.0.1:${config.port}`,
    ...(config.apiKey && { apiKey: config.apiKey }),
    ...(config.tls && { tls: tlsSettings(config.tls) }),
  };
}

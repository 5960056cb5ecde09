import { dirname, join } from 'node:path';

/** Path of the egress proxy's socket inside a jail that may use the network. */
export const INSIDE_SOCKET = '/run/mission/egress.sock';

const PORT = '3128';
const PROXY = `http://127.0.0.1:${PORT}`;
/**
 * The relay is read from the source directory, also when the program runs from
 * `dist`: the build copies no plain files.
 */
const FILE = join(import.meta.dirname, '../../../src/sandbox/egress/inside/relay.mjs');
const NODE = process.execPath;

/**
 * The proxy variables that clients of every language read; Node's `fetch` needs
 * the last one.
 */
const VARIABLES = {
  ...Object.fromEntries(['http', 'https'].map((scheme) => [`${scheme}_proxy`, PROXY])),
  ...Object.fromEntries(['HTTP', 'HTTPS'].map((scheme) => [`${scheme}_PROXY`, PROXY])),
  NODE_USE_ENV_PROXY: '1',
};

/** A program wrapped in the relay that connects a jail to the egress proxy. */
export interface Relayed {
  argv: string[];
  /** Variables to add to the program's environment. */
  variables: Readonly<Record<string, string>>;
  /** Directory that the jail must make readable besides Node. */
  visible: string;
}

/** @param descriptors how many descriptors the program inherits, from 0 on */
export const relayed = (argv: readonly string[], descriptors: number): Relayed => ({
  argv: [NODE, FILE, INSIDE_SOCKET, PORT, String(descriptors), ...argv],
  variables: VARIABLES,
  visible: dirname(FILE),
});

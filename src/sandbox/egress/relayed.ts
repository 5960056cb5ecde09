import { dirname, join } from 'node:path';

/** Where a jail that may use the network finds the egress proxy. */
export const INSIDE_SOCKET = '/run/mission/egress.sock';

const PORT = '3128';
const PROXY = `http://127.0.0.1:${PORT}`;
/** The relay lies beside the source, also when we run from `dist`: the build copies no plain files. */
const FILE = join(import.meta.dirname, '../../../src/sandbox/egress/inside/relay.mjs');
const NODE = process.execPath;

/** What clients of every language read; Node's own fetch wants to be told to. */
const VARIABLES = {
  ...Object.fromEntries(['http', 'https'].map((scheme) => [`${scheme}_proxy`, PROXY])),
  ...Object.fromEntries(['HTTP', 'HTTPS'].map((scheme) => [`${scheme}_PROXY`, PROXY])),
  NODE_USE_ENV_PROXY: '1',
};

/** A program in a jail, with what leads it to the egress proxy around it. */
export interface Relayed {
  argv: string[];
  /** Variables that it gets besides its own. */
  variables: Readonly<Record<string, string>>;
  /** What its jail must let it read besides Node. */
  visible: string;
}

/** @param descriptors how many the program is given, from 0 on */
export const relayed = (argv: readonly string[], descriptors: number): Relayed => ({
  argv: [NODE, FILE, INSIDE_SOCKET, PORT, String(descriptors), ...argv],
  variables: VARIABLES,
  visible: dirname(FILE),
});

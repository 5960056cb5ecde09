import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule, type ApiParts } from './api.module.js';
import { SocketServer } from './graphql/server/socket-server.js';
import { authenticate } from './http/authenticate.js';
import { parseBody } from './http/body.js';
import { checkHost } from './http/check-host.js';
import { checkVariables } from './http/check-variables.js';
import { crossOrigin } from './http/cross-origin.js';
import { Gate } from './http/gate.js';
import { HostPolicy } from './shared/host-policy.js';

/** Upper bounds on the requests that start runs: those handled at once (`places`) and those that wait (`seats`). */
const STARTS = { places: 32, seats: 2_000 };
const QUERIES = { places: 256, seats: 2_000 };
const REQUEST_TIMEOUT_MS = 60_000;

/** Creates the API, initialised and not yet listening. The order is a protection: host, origin, key and gate are checked before the body is read. */
export async function createApp(parts: ApiParts): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.with(parts), {
    bodyParser: false,
    forceCloseConnections: true,
    abortOnError: false,
    logger: parts.log,
  });
  app.disable('x-powered-by');
  const hosts = new HostPolicy(parts.settings.hosts);
  app.use(checkHost(hosts), crossOrigin(hosts));
  app.use(authenticate(parts.keys));
  app.use('/internal/execute', new Gate(STARTS.places, STARTS.seats).handler);
  app.use('/threads', new Gate(STARTS.places * 4, STARTS.seats).handler);
  app.use('/mcp', new Gate(STARTS.places, STARTS.seats).handler);
  app.use('/graphql', new Gate(QUERIES.places, QUERIES.seats).handler);
  app.use(...parseBody());
  app.use('/graphql', checkVariables);
  await app.init();
  const server = app.getHttpServer();
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  app.get(SocketServer).attach(server);
  return app;
}

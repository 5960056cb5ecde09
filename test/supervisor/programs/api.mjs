// Stands in for the API: answers /ready, and ends as the API has to.
import { createServer } from 'node:http';

const { PORT, HOST = '127.0.0.1', DATABASE_URL, TEMPORAL_ADDRESS } = process.env;
const server = createServer((request, response) => {
  response.end(JSON.stringify({ path: request.url, DATABASE_URL, TEMPORAL_ADDRESS }));
});
server.listen(Number(PORT), HOST, () => console.log(`api ${process.pid} listens`));
for (const event of ['SIGTERM', 'disconnect']) {
  process.once(event, () => {
    console.log(`api ends on ${event}`);
    process.exit(0);
  });
}

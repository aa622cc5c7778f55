// A process that starts the embedded PostgreSQL of a data folder, says so in one line, and stops it on SIGTERM.
import { once } from 'node:events';
import { EmbeddedPostgres } from '../../dist/platform/database/embedded-postgres.js';

const server = await EmbeddedPostgres.start(process.argv[2]);
// Listens before it says that it runs: whoever reads that may end it at once.
const ended = once(process, 'SIGTERM');
console.log(server.superuserUrl);
// A pending listener alone does not keep a process alive.
const alive = setInterval(() => undefined, 60_000);
await ended;
clearInterval(alive);
await server.stop();

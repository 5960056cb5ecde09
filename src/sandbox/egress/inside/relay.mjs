/**
 * Runs inside a jail that may use the network, before the script: `node
 * relay.mjs SOCKET PORT DESCRIPTORS PROGRAM ARG…`. A jail has no network but
 * its own loopback; the relay forwards connections to PORT there through the
 * socket to the worker's egress proxy. The program inherits the first
 * DESCRIPTORS descriptors, and the relay exits with the program's exit code.
 */
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';

// SIGTERM is sent to every process of the jail, the program included; the relay
// waits for the program to end.
process.on('SIGTERM', () => undefined);

const [, , path, port, descriptors, program, ...args] = process.argv;

const server = createServer((socket) => {
  const out = connect(path);
  for (const each of [socket, out]) each.on('error', () => undefined);
  socket.on('close', () => out.destroy());
  out.on('close', () => socket.destroy());
  socket.pipe(out).pipe(socket);
});

server.listen(Number(port), '127.0.0.1', () => {
  const stdio = Array.from({ length: Number(descriptors) }, (_, fd) => fd);
  const child = spawn(program, args, { stdio });
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
});

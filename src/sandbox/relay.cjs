'use strict';
// Runs in the network namespace of a service and outside of its other namespaces: leads connections to Unix sockets on
// to
// the service's loopback, byte by byte. Started with `node -e`: the file itself may be out of reach there.
const { writeSync } = require('node:fs');
const net = require('node:net');
const { join } = require('node:path');

const { folder, ports, beside } = JSON.parse(process.argv[1]);

/** Connects a client to the service. Either side may close its half first. */
function lead(client, port) {
  const service = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  client.on('error', () => service.destroy());
  client.on('close', () => service.destroy());
  // What the service said before it reset the connection is an answer as good as any: it is passed on first.
  service.on('error', () => client.end());
  service.on('close', () => client.destroySoon());
  client.pipe(service);
  service.pipe(client);
}

let waiting = ports.length;
for (const port of ports) {
  const server = net.createServer({ allowHalfOpen: true }, (client) => lead(client, port));
  server.listen({ path: join(folder, String(port)), backlog: 4096 }, () => {
    waiting -= 1;
    if (waiting === 0) writeSync(1, 'ready\n');
  });
}

// oxlint-disable-next-line typescript/no-implied-eval -- sources of ours, handed over by whoever starts this
for (const source of beside) new Function('require', source)(require);

// Nothing that a service sends may end this.
process.on('uncaughtException', () => {});
// The other end is whoever started us: without them there is nothing to do.
// eslint-disable-next-line no-restricted-properties -- a program of its own
process.stdin.on('end', () => process.exit()).resume();

// A line between a browser and the server: so many bytes a second in each direction, and so long
// until they arrive. Like a router it takes in only as much as it has room for.
import { connect, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

export interface Line {
  /** Bytes a second. */
  rate: number;
  /** Milliseconds in each direction. */
  latency: number;
}

export interface Proxy {
  port: number;
  close(): void;
}

/** Bytes that wait for their turn on the line. */
const ROOM = 32 * 1024;

export async function startProxy(port: number, line: Line): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((browser) => {
    const upstream = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [browser, upstream],
      [upstream, browser],
    ]) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      carry(from, to, line);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function carry(from: Socket, to: Socket, { rate, latency }: Line): void {
  let free = 0;
  let waiting = 0;
  from.on("data", (bytes: Buffer) => {
    // In packets, as they arrive one after the other.
    for (let at = 0; at < bytes.length; at += 1460) {
      const packet = bytes.subarray(at, at + 1460);
      free = Math.max(free, performance.now()) + (1000 * packet.length) / rate;
      waiting += packet.length;
      setTimeout(() => {
        waiting -= packet.length;
        if (waiting < ROOM) from.resume();
        setTimeout(() => to.writable && to.write(packet), latency);
      }, free - performance.now());
    }
    if (waiting >= ROOM) from.pause();
  });
}

// The server end of a Phoenix socket, in memory: speaks the V2 protocol to the real client of the
// package `phoenix`, and records its requests.
import { Socket } from "phoenix";

type Message = [joinRef: string | null, ref: string | null, topic: string, event: string, object];

export interface Request {
  event: string;
  payload: Record<string, unknown>;
  reply(status: "ok" | "error", response?: object): void;
}

export class Server {
  /** Requests since the last `take`, without joins and heartbeats. */
  requests: Request[] = [];
  joins = 0;
  /** The reply to a join. */
  join: [status: "ok" | "error", response: object] = ["ok", {}];
  readonly socket: Socket;
  #transport: Transport | null = null;
  #joinRef: string | null = null;

  constructor() {
    const server = this;
    class Connected extends Transport {
      constructor() {
        super();
        server.#transport = this;
      }
      send(data: string) {
        server.#receive(JSON.parse(data) as Message);
      }
    }
    this.socket = new Socket("ws://test/socket", {
      transport: Connected,
      reconnectAfterMs: () => 50,
      rejoinAfterMs: () => 50,
    });
    this.socket.connect();
    this.open();
  }

  /** Accepts the connection that the client is opening. */
  open(): void {
    this.#transport!.readyState = 1;
    this.#transport!.onopen();
  }

  /** Breaks the connection. */
  drop(): void {
    const transport = this.#transport!;
    transport.readyState = 3;
    transport.onclose({ code: 1006 });
  }

  push(event: string, payload: object): void {
    this.#send([this.#joinRef, null, "tree", event, payload]);
  }

  slab(bytes: ArrayBuffer): void {
    const head = [this.#joinRef!, "tree", "slab"];
    const text = new TextEncoder().encode(head.join(""));
    const data = new Uint8Array(4 + text.length + bytes.byteLength);
    data.set([0, ...head.map((part) => part.length), ...text]);
    data.set(new Uint8Array(bytes), 4 + text.length);
    this.#transport!.onmessage({ data: data.buffer });
  }

  /** Removes and returns the requests so far, one line each. */
  take(): string[] {
    return this.requests
      .splice(0)
      .map(({ event, payload }) => `${event} ${JSON.stringify(payload)}`);
  }

  #receive([joinRef, ref, topic, event, payload]: Message): void {
    const reply = (status: string, response: object = {}) =>
      this.#send([joinRef, ref, topic, "phx_reply", { status, response }]);
    if (event === "phx_join") {
      this.joins++;
      this.#joinRef = joinRef;
      reply(...this.join);
    } else if (event === "heartbeat" || event === "phx_leave") reply("ok");
    else this.requests.push({ event, payload: payload as Record<string, unknown>, reply });
  }

  #send(message: Message): void {
    this.#transport!.onmessage({ data: JSON.stringify(message) });
  }
}

/** The part of a WebSocket that the client uses. */
class Transport {
  binaryType = "arraybuffer";
  readyState = 0;
  onopen = () => {};
  onclose = (_event: object) => {};
  onmessage = (_event: { data: unknown }) => {};
  onerror = () => {};
  close() {
    this.readyState = 3;
    this.onclose({ code: 1000 });
  }
}

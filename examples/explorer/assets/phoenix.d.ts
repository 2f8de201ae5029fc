// Types for the parts of LiveView's JavaScript that are used; it has none of its own.
declare module "phoenix_live_view" {
  import type { Socket } from "phoenix";

  export interface Hook {
    el: HTMLElement;
    liveSocket: LiveSocket;
    pushEvent(event: string, payload: object): void;
    handleEvent(event: string, callback: (payload: unknown) => void): void;
  }

  export class LiveSocket {
    constructor(path: string, socket: typeof Socket, options: object);
    connect(): void;
    getSocket(): Socket;
  }
}

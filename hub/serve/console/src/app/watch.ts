// Lets a part of the screen be drawn again when the desk changes.

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { desk } from "./desk";

export class Watch implements ReactiveController {
  private readonly changed = (): void => this.host.requestUpdate();
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly host: ReactiveControllerHost, private readonly everyMs = 0) {
    host.addController(this);
  }

  hostConnected(): void {
    desk.addEventListener("change", this.changed);
    if (this.everyMs > 0) this.ticking = setInterval(this.changed, this.everyMs);
  }

  hostDisconnected(): void {
    desk.removeEventListener("change", this.changed);
    clearInterval(this.ticking);
  }
}

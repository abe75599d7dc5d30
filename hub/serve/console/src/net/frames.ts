// The frames of a stream of server-sent events, as bytes arrive in any pieces.

export interface Frame {
  event: string;
  id?: string;
  data: string;
}

export class Frames {
  private rest = "";

  /** Each whole frame of what has arrived; a comment is no frame, but a sign of life all the same. */
  *take(text: string): Generator<Frame> {
    this.rest += text;
    for (let end = this.rest.indexOf("\n\n"); end >= 0; end = this.rest.indexOf("\n\n")) {
      const frame = parse(this.rest.slice(0, end));
      this.rest = this.rest.slice(end + 2);
      if (frame) yield frame;
    }
  }
}

function parse(block: string): Frame | undefined {
  const data: string[] = [];
  let event = "message";
  let id: string | undefined;
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") data.push(value);
    else if (name === "event") event = value;
    else if (name === "id") id = value;
  }
  if (data.length === 0) return undefined;
  return id === undefined ? { event, data: data.join("\n") } : { event, id, data: data.join("\n") };
}

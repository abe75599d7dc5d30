import { expect, test } from "vitest";
import { Frames } from "../../../hub/serve/console/src/net/frames";

const TEXT = "retry: 2000\n\nevent: hello\ndata: {\"head\":7}\n\n: keepalive\n\nid: 8\nevent: incident\ndata: {\"a\":\ndata: 1}\n\n";
const WANTED = [{ event: "hello", data: "{\"head\":7}" }, { event: "incident", id: "8", data: "{\"a\":\n1}" }];

test("frames are the same however the bytes arrive", () => {
  for (let size = 1; size <= TEXT.length; size++) {
    const frames = new Frames();
    const got = [];
    for (let at = 0; at < TEXT.length; at += size) got.push(...frames.take(TEXT.slice(at, at + size)));
    expect(got).toEqual(WANTED);
  }
});

test("half a frame is none, and comments are none", () => {
  expect([...new Frames().take("event: incident\ndata: {}\n")]).toEqual([]);
  expect([...new Frames().take(": keepalive\n\n")]).toEqual([]);
});

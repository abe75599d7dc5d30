import { expect, test } from "vitest";
import { sharedPieces } from "../../../hub/serve/console/src/model/shared";

function marks(...texts: string[]): string[] {
  return sharedPieces(texts).map((pieces) => pieces.map((piece) => (piece.isShared ? `[${piece.text}]` : piece.text)).join(""));
}

test("runs of characters that both hold are marked, not what only one says", () => {
  expect(marks("枋湖南路多家店铺占道", "店铺占道，枋湖南路口")).toEqual(["[枋湖南路]多家[店铺占道]", "[店铺占道]，[枋湖南路]口"]);
});

test("a single character in common is no sign, nor are words that every text has", () => {
  expect(marks("路面坑洼", "道路积水")).toEqual(["路面坑洼", "道路积水"]);
  expect(marks("这是我的", "这是你的")).toEqual(["这是我的", "这是你的"]);
  expect(marks("the dog and the cat", "the bird and the fish")).toEqual(["the dog and the cat", "the bird and the fish"]);
});

test("numbers and words of other scripts count whole, in either case", () => {
  expect(marks("闽D12345 停在 gate 95号", "GATE 旁，闽D12345")).toEqual(["闽[D12345] 停在 [gate] 95号", "[GATE] 旁，闽[D12345]"]);
});

test("nothing of a text is lost or added, whatever it holds", () => {
  const texts = ["<b onmouseover=alert(1)>枋湖</b>\n\u0000 𠮷野家 😀", "枋湖 ' \" & <script>", ""];
  expect(sharedPieces(texts).map((pieces) => pieces.map((piece) => piece.text).join(""))).toEqual(texts);
});

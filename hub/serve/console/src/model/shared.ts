// What several reports say in the same words: runs of at least two Chinese characters, or whole words of other scripts.

export interface Piece {
  text: string;
  isShared: boolean;
}

const HAN = /\p{Script=Han}/u;
const IDLE = new Set([..."的了在是有和与及或就都而也不这那我你他它们个位请被把对从到为上下中个很还又"]);
const IDLE_WORDS = new Set(["the", "and", "for", "are", "was", "with", "that", "this", "from", "has", "have", "not", "you"]);

interface Token {
  text: string;
  kind: "han" | "word" | "gap";
}

function tokens(text: string): Token[] {
  const found = text.match(/\p{Script=Han}|[\p{L}\p{N}][\p{L}\p{N}.'-]*?(?=\p{Script=Han}|[^\p{L}\p{N}.'-]|$)|[^\p{L}\p{N}]+|./gu) ?? [];
  return found.map((part) => ({ text: part, kind: HAN.test(part) ? "han" : /[\p{L}\p{N}]/u.test(part) ? "word" : "gap" }));
}

function isWorth(token: Token): boolean {
  if (token.kind === "word") return token.text.length >= 2 && !IDLE_WORDS.has(token.text.toLowerCase());
  return token.kind === "han" && !IDLE.has(token.text);
}

/** What can be shared: each word, and each pair of neighbouring characters. */
function grams(list: readonly Token[]): Set<string> {
  const set = new Set<string>();
  list.forEach((token, at) => {
    if (!isWorth(token)) return;
    if (token.kind === "word") set.add(token.text.toLowerCase());
    const next = list[at + 1];
    if (token.kind === "han" && next?.kind === "han" && isWorth(next)) set.add(token.text + next.text);
  });
  return set;
}

function marked(list: readonly Token[], common: ReadonlySet<string>): boolean[] {
  const marks = list.map((token) => token.kind === "word" && common.has(token.text.toLowerCase()));
  for (let at = 0; at + 1 < list.length; at++) {
    const pair = (list[at] as Token).text + (list[at + 1] as Token).text;
    if (list[at]?.kind === "han" && list[at + 1]?.kind === "han" && common.has(pair)) marks[at] = marks[at + 1] = true;
  }
  // One idle character between two marked ones reads better marked as well.
  for (let at = 1; at + 1 < list.length; at++) {
    if (!marks[at] && marks[at - 1] && marks[at + 1] && list[at]?.kind === "han") marks[at] = true;
  }
  return marks;
}

function pieces(list: readonly Token[], marks: readonly boolean[]): Piece[] {
  const out: Piece[] = [];
  list.forEach((token, at) => {
    const isShared = marks[at] ?? false;
    const last = out[out.length - 1];
    if (last && last.isShared === isShared) last.text += token.text;
    else out.push({ text: token.text, isShared });
  });
  return out;
}

/** Each text cut into pieces, those marked that stand in at least one other text as well. */
export function sharedPieces(texts: readonly string[]): Piece[][] {
  const lists = texts.map(tokens);
  const sets = lists.map(grams);
  return lists.map((list, at) => {
    const common = new Set<string>();
    for (const gram of sets[at] ?? []) {
      if (sets.some((set, other) => other !== at && set.has(gram))) common.add(gram);
    }
    return pieces(list, marked(list, common));
  });
}

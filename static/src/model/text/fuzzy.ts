/** Fuzzy matching: finds a name by some of its letters, in order. */

export interface Match {
  readonly score: number;
  /** Indices of the letters that matched. */
  readonly hits: readonly number[];
}

/** Scores for letters that follow each other, or begin a word: people type these. */
const FOLLOWS = 4;
const BEGINS_WORD = 6;
const BEGINS_NAME = 3;
/** Among names with the same letters, a short one is more likely meant. */
const PER_LETTER = 0.05;

/** null where the letters are not all there; each word of the query is looked for by itself. */
export function fuzzyMatch(query: string, name: string): Match | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits = new Set<number>();
  let score = -name.length * PER_LETTER;
  for (const word of words) {
    const found = bestRun(word, name.toLowerCase());
    if (!found) return null;
    score += found.score;
    for (const hit of found.hits) hits.add(hit);
  }
  return { score, hits: [...hits].sort((a, b) => a - b) };
}

/** The best of the matches that begin at each occurrence of the first letter. */
function bestRun(word: string, name: string): Match | null {
  let best: Match | null = null;
  for (let start = name.indexOf(word[0] ?? ""); start >= 0; ) {
    const found = runFrom(word, name, start);
    if (found && (!best || found.score > best.score)) best = found;
    start = name.indexOf(word[0] ?? "", start + 1);
  }
  return best;
}

function runFrom(word: string, name: string, start: number): Match | null {
  const hits: number[] = [];
  let score = start === 0 ? BEGINS_NAME : 0;
  let from = start;
  for (const letter of word) {
    const next = name.indexOf(letter, from);
    if (next < 0) return null;
    // A letter at a word's beginning is worth a small jump: "sa" means "select all".
    const atWord = beginningOf(name, letter, from);
    const at = next === from || atWord < 0 ? next : atWord;
    score += at === from && hits.length > 0 ? FOLLOWS : 0;
    score += isBeginning(name, at) ? BEGINS_WORD : 0;
    hits.push(at);
    from = at + 1;
  }
  return { score, hits };
}

function beginningOf(name: string, letter: string, from: number): number {
  for (let at = name.indexOf(letter, from); at >= 0; at = name.indexOf(letter, at + 1)) {
    if (isBeginning(name, at)) return at;
  }
  return -1;
}

function isBeginning(name: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1] ?? "");
}

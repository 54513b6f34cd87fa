/** Long work in short pieces: between them everybody else in the process gets their turn. */

/** Milliseconds that a piece may last. */
const PIECE_MS = 4;

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs a step for each item, pausing when a piece has lasted. */
export async function inPieces<Item>(items: Iterable<Item>, step: (item: Item) => void): Promise<void> {
  let begun = performance.now();
  for (const item of items) {
    step(item);
    if (performance.now() - begun < PIECE_MS) continue;
    await nextTurn();
    begun = performance.now();
  }
}

/** Two streams in the order of their `_id`, side by side: what one of them lacks is undefined there. */
export async function* pairs<A extends { _id: string }, B extends { _id: string }>(
  left: AsyncIterable<A>,
  right: AsyncIterable<B>,
): AsyncGenerator<[A, B | undefined] | [undefined, B]> {
  const [a, b] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  try {
    let [x, y] = [await a.next(), await b.next()];
    while (!x.done || !y.done) {
      // Ids are ASCII: the server's order is that of JavaScript's strings.
      const isLeft = !x.done && (y.done || x.value._id <= y.value._id);
      const isRight = !y.done && (x.done || y.value._id <= x.value._id);
      if (isLeft && !x.done) yield [x.value, isRight && !y.done ? y.value : undefined];
      else if (!y.done) yield [undefined, y.value];
      if (isLeft) x = await a.next();
      if (isRight) y = await b.next();
    }
  } finally {
    await Promise.all([a.return?.(), b.return?.()]);
  }
}

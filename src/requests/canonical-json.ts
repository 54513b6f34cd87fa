type Piece = { text: string } | { value: unknown };

/** The pieces of one value, members in the order of their names. */
function piecesOf(value: unknown): Piece[] {
  if (typeof value !== 'object' || value === null) return [{ text: JSON.stringify(value) ?? 'null' }];
  const isList = Array.isArray(value);
  const pieces: Piece[] = [{ text: isList ? '[' : '{' }];
  const names = isList ? value.keys() : Object.keys(value).sort();
  for (const name of names) {
    if (pieces.length > 1) pieces.push({ text: ',' });
    if (typeof name === 'string') pieces.push({ text: `${JSON.stringify(name)}:` });
    pieces.push({ value: (value as Record<PropertyKey, unknown>)[name] });
  }
  pieces.push({ text: isList ? ']' : '}' });
  return pieces;
}

/**
 * One text for equal JSON: members sorted, no white space. Works without recursion, because the depth of
 * what a stranger sends is not ours to choose.
 */
export function canonicalJson(root: unknown): string {
  const out: string[] = [];
  const waiting: Piece[] = [{ value: root }];
  for (let piece = waiting.pop(); piece !== undefined; piece = waiting.pop()) {
    if ('text' in piece) out.push(piece.text);
    else for (const inner of piecesOf(piece.value).reverse()) waiting.push(inner);
  }
  return out.join('');
}

/** What `make` gives, made at the first call and the same ever after. A make that throws is tried again. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

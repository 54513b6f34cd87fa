/**
 * How often each of many things has changed, as far as is heard. What is read may be kept where its number is the same
 * after the reading as before: a change that was heard meanwhile must not be undone by keeping what was so before it.
 */
export interface Epochs {
  of(name: string): number;
  /** Of one of them; without a name, of all. */
  rise(name?: string): void;
}

export function createEpochs(): Epochs {
  const byName = new Map<string, number>();
  let all = 0;
  return {
    // Neither ever falls: where the sum is the same, both are.
    of: (name) => all + (byName.get(name) ?? 0),
    rise(name) {
      if (name === undefined) all += 1;
      else byName.set(name, (byName.get(name) ?? 0) + 1);
    },
  };
}

import { useState } from 'preact/hooks';

interface Versioned {
  version: number;
}

interface Written<Fields> {
  given: Fields;
  /** What the call that saves it names: it is refused where somebody else changed these fields meanwhile. */
  version: number;
  write: (part: Partial<Fields>) => void;
  /** Saved, or given up: what stands is shown again. */
  forget: () => void;
}

/**
 * What is written over something that may be loaded anew meanwhile: a new secret, a test or a colleague changes it, too.
 * `fieldsOf` has the same order each time.
 */
export function useWritten<T extends Versioned, Fields extends object>(
  stands: T,
  fieldsOf: (one: T) => Fields,
): Written<Fields> {
  const [written, setWritten] = useState<{ given: Fields; over: T } | null>(null);
  const textOf = (one: T): string => JSON.stringify(fieldsOf(one));
  const over = written?.over ?? stands;
  const given = written?.given ?? fieldsOf(stands);
  return {
    given,
    version: textOf(over) === textOf(stands) ? stands.version : over.version,
    write: (part) =>
      setWritten((before) => ({
        given: { ...(before?.given ?? fieldsOf(stands)), ...part },
        over: before?.over ?? stands,
      })),
    forget: () => setWritten(null),
  };
}

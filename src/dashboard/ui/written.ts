import { useState } from 'preact/hooks';
import { isOvertaken } from '../api/client.ts';

interface Versioned {
  version: number;
}

interface WrittenOptions<T, Fields> {
  /** The same order of members each time. */
  fieldsOf: (one: T) => Fields;
  /** Sends the fields; it is refused where somebody else changed what has another version. */
  save: (given: Fields, version: number) => Promise<T>;
  /** Asks how it stands by now. */
  look: () => Promise<T>;
  onNew: (one: T) => void;
}

interface Written<Fields> {
  given: Fields;
  write: (part: Partial<Fields>) => void;
  /** Rejects as `save` does. Over a colleague's change the next try is about both. */
  send: () => Promise<void>;
}

/**
 * What is written over something that may be loaded anew meanwhile: a new secret, a test or a colleague changes it, too.
 * Of a colleague's fields it shows those that nothing is written in, once they were in the way.
 */
export function useWritten<T extends Versioned, Fields extends object>(
  stands: T,
  { fieldsOf, save, look, onNew }: WrittenOptions<T, Fields>,
): Written<Fields> {
  const [written, setWritten] = useState<{ parts: Partial<Fields>; over: T } | null>(null);
  const textOf = (one: T): string => JSON.stringify(fieldsOf(one));
  const over = written?.over ?? stands;
  const given = { ...fieldsOf(over), ...written?.parts };
  return {
    given,
    write: (part) =>
      setWritten((before) => ({
        parts: { ...before?.parts, ...part },
        over: before?.over ?? stands,
      })),
    async send() {
      const version = textOf(over) === textOf(stands) ? stands.version : over.version;
      try {
        onNew(await save(given, version));
        setWritten(null);
      } catch (error) {
        if (isOvertaken(error)) {
          const now = await look();
          onNew(now);
          setWritten((before) => before && { ...before, over: now });
        }
        throw error;
      }
    },
  };
}

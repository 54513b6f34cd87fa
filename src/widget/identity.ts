import { Problem } from './api.ts';
import type { Context, Reader } from './context.ts';

type Given = string | null | undefined;

/**
 * What the page says of its signed-in reader, as the element's property or attribute `identity`: the site's token,
 * or a function that gives a fresh one each time. Nothing, or no token, where nobody is signed in.
 */
type Identity = Given | (() => Given | Promise<Given>);
type Host = HTMLElement & { identity?: Identity };

/** Null where it is no token that names somebody: a page of an error, say, in the place of one. */
function readerOf(given: Given): Reader | null {
  try {
    const token = given?.trim() ?? '';
    const claims = atob(token.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? '');
    const bytes = Uint8Array.from(claims, (one) => one.charCodeAt(0));
    const { name }: { name?: unknown } = JSON.parse(new TextDecoder().decode(bytes));
    return typeof name === 'string' && name ? { token, name } : null;
  } catch {
    return null;
  }
}

/** Who is signed in at this moment: a function is asked each time. Rejects where it fails. */
async function askReader(host: Host): Promise<Reader | null> {
  const { identity = host.getAttribute('identity') } = host;
  return readerOf(typeof identity === 'function' ? await identity() : identity);
}

/** Where the service says that a token is missing or wrong. */
export const IDENTITY = '/author/identity';

const UNASKED = 'identity-unasked';

/** Whether the page could not say who is signed in: another time it may. */
export const isUnasked = ({ code }: Problem): boolean => code === UNASKED;

/**
 * A token for a comment that is about to be sent. Throws as the service would where nobody is signed in any more,
 * and a Problem that `isUnasked` knows where the page's function fails.
 */
export async function freshToken({ host }: Context): Promise<string> {
  const reader = await askReader(host).catch(() => {
    throw new Problem({ code: UNASKED });
  });
  if (reader) return reader.token;
  throw new Problem({
    code: 'validation-failed',
    errors: [{ pointer: IDENTITY, code: 'required', detail: '' }],
  });
}

/** Who is signed in; `ask`: as nobody, since the page could not say, and may be asked again. */
export interface Watched {
  reader: Reader | null;
  ask: (() => Promise<void>) | null;
}

/**
 * Tells who is signed in, and tells it again when the page says that it is somebody else, or nobody. Where the page's
 * function fails it is asked again when the line or the reader comes back.
 */
export function watchReader({ host, signal }: Context, tell: (watched: Watched) => void): void {
  let known: string | null | undefined;
  let latest = 0;
  let hasFailed = false;
  const look = async (): Promise<void> => {
    latest += 1;
    const asked = latest;
    let fails = false;
    const reader = await askReader(host).catch(() => {
      fails = true;
      return null;
    });
    const name = reader?.name ?? null;
    if (signal.aborted || asked !== latest || (name === known && fails === hasFailed)) return;
    known = name;
    hasFailed = fails;
    tell({ reader, ask: fails ? look : null });
  };
  const lookAgain = (): unknown => hasFailed && !document.hidden && look();
  addEventListener('online', lookAgain, { signal });
  document.addEventListener('visibilitychange', lookAgain, { signal });
  let given = (host as Host).identity;
  // On the element itself: what the page has set before this was loaded stands there, too.
  Object.defineProperty(host, 'identity', {
    configurable: true,
    get: () => given,
    set: (next: Identity) => {
      given = next;
      void look();
    },
  });
  const observer = new MutationObserver(() => void look());
  observer.observe(host, { attributeFilter: ['identity'] });
  signal.addEventListener('abort', () => observer.disconnect());
  void look();
}

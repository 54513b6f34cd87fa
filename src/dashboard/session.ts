import { signal } from '@preact/signals';
import { ApiError, api, hooks } from './api/client.ts';
import type { Me } from './api/types.ts';
import { forgetTab, keep, recall } from './kept.ts';
import { takeUpActs } from './queue/acts.ts';
import { chooseLanguage, language, useLanguage } from './words/index.ts';

export type Session =
  | { state: 'loading' }
  | { state: 'out' }
  | { state: 'in'; me: Me }
  /** Over in mid-work: what is on the screen stays, and what waits goes on after the next sign-in. */
  | { state: 'expired'; me: Me };

export const session = signal<Session>({ state: 'loading' });

let waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];

hooks.language = () => language.value;
hooks.account = () => {
  const current = session.peek();
  return 'me' in current ? current.me.id : null;
};
hooks.signIn = () => {
  const current = session.value;
  if (current.state === 'in') session.value = { state: 'expired', me: current.me };
  else if (current.state !== 'expired') session.value = { state: 'out' };
  return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
};

const KEPT_LANGUAGE = 'gatehouse-language';

/** Shows who is signed in as the account is from now on. */
export function become(me: Me): void {
  session.value = { state: 'in', me };
}

const rightsOf = ({ role, sites }: Me): string => JSON.stringify([role, sites]);
let isLooking = false;
/** Whose rights are others by now sees other rooms and other sites. */
async function lookAgain(): Promise<void> {
  const before = session.peek();
  if (isLooking || before.state !== 'in') return;
  isLooking = true;
  try {
    const now = await api<Me>('me');
    if (session.peek() === before && rightsOf(now) !== rightsOf(before.me)) become(now);
  } catch {
    // The next occasion asks again.
  } finally {
    isLooking = false;
  }
}
hooks.rights = () => void lookAgain();

async function welcome(me: Me): Promise<void> {
  await useLanguage(chooseLanguage([me.locale, recall(KEPT_LANGUAGE), ...navigator.languages]));
  const before = session.peek();
  // Somebody else at the same desk must not go on with the work of the one before.
  if (before.state === 'expired' && before.me.id !== me.id) return location.reload();
  if (before.state !== 'expired') takeUpActs(me.id);
  become(me);
  const woken = waiting;
  waiting = [];
  for (const { resolve } of woken) resolve();
}

export async function begin(): Promise<void> {
  await useLanguage(chooseLanguage([recall(KEPT_LANGUAGE), ...navigator.languages]));
  await welcome(await api<Me>('me'));
}

export async function signIn(given: { email: string; password: string; totp?: string }): Promise<void> {
  const { me } = await api<{ me: Me }>('sessions', { method: 'POST', body: given, quiet: true });
  // A browser that keeps no cookie would be asked for the sign-in for ever; the service says so.
  if (session.peek().state === 'out') await api('me', { quiet: true });
  await welcome(me);
}

export async function signOut(): Promise<void> {
  await api('sessions/current', { method: 'DELETE', quiet: true }).catch((error: unknown) => {
    // Ended before, elsewhere or by its time: nobody signs in to sign out.
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  });
  forgetTab();
  location.reload();
}

/** Kept in this browser, and in the account once there is one. */
export async function speak(next: Parameters<typeof useLanguage>[0]): Promise<void> {
  keep(KEPT_LANGUAGE, next);
  await useLanguage(next);
  const current = session.peek();
  if (current.state !== 'in') return;
  become(await api<Me>('me', { method: 'PATCH', body: { locale: next } }));
}

/** Who is signed in. Only what is drawn behind the sign-in asks. */
export function me(): Me {
  const current = session.value;
  if (current.state !== 'in' && current.state !== 'expired') throw new Error('nobody is signed in');
  return current.me;
}

export const isAdmin = (): boolean => me().role === 'admin';

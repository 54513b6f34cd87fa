import { signal } from '@preact/signals';
import { api, hooks } from './api/client.ts';
import { chooseLanguage, language, useLanguage } from './words/index.ts';
export const session = signal({ state: 'loading' });
let waiting = [];
hooks.language = () => language.value;
hooks.signIn = () => {
    const current = session.value;
    if (current.state === 'in')
        session.value = { state: 'expired', me: current.me };
    else if (current.state !== 'expired')
        session.value = { state: 'out' };
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
};
const KEPT_LANGUAGE = 'gatehouse-language';
async function welcome(me) {
    await useLanguage(chooseLanguage([me.locale, localStorage.getItem(KEPT_LANGUAGE), ...navigator.languages]));
    const before = session.peek();
    // Somebody else at the same desk must not go on with the work of the one before.
    if (before.state === 'expired' && before.me.id !== me.id)
        return location.reload();
    session.value = { state: 'in', me };
    const woken = waiting;
    waiting = [];
    for (const { resolve } of woken)
        resolve();
}
export async function begin() {
    await useLanguage(chooseLanguage([localStorage.getItem(KEPT_LANGUAGE), ...navigator.languages]));
    await welcome(await api('me'));
}
export async function signIn(given) {
    const { me } = await api('sessions', { method: 'POST', body: given });
    await welcome(me);
}
export async function signOut() {
    await api('sessions/current', { method: 'DELETE' });
    sessionStorage.clear();
    location.reload();
}
/** Kept in this browser, and in the account once there is one. */
export async function speak(next) {
    localStorage.setItem(KEPT_LANGUAGE, next);
    await useLanguage(next);
    const current = session.peek();
    if (current.state !== 'in')
        return;
    session.value = { state: 'in', me: await api('me', { method: 'PATCH', body: { locale: next } }) };
}
/** Who is signed in. Only what is drawn behind the sign-in asks. */
export function me() {
    const current = session.value;
    if (current.state !== 'in' && current.state !== 'expired')
        throw new Error('nobody is signed in');
    return current.me;
}
export const isAdmin = () => me().role === 'admin';

import { signal } from '@preact/signals';
const MOST = 10;
const KEPT = 'gatehouse-acts';
function restore() {
    try {
        return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
    }
    catch {
        // SyntaxError: not ours.
        return [];
    }
}
/** The newest first. */
export const acts = signal(restore());
function keep(next) {
    acts.value = next.slice(0, MOST);
    const done = acts.value.filter(({ state }) => state !== 'sending');
    sessionStorage.setItem(KEPT, JSON.stringify(done.map((act) => ({ ...act, state: 'done' }))));
}
export const addAct = (act) => keep([act, ...acts.peek()]);
export const changeAct = (key, change) => keep(acts.peek().map((act) => (act.key === key ? { ...act, ...change } : act)));
export const dropAct = (key) => keep(acts.peek().filter((act) => act.key !== key));

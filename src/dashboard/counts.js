import { signal } from '@preact/signals';
import { api } from './api/client.ts';
/** Of the site that is looked at, or of all the moderator's. */
export const counts = signal(null);
let site = '';
let timer;
/** Milliseconds: many decisions in a row share one question. */
const GATHER = 400;
async function ask() {
    const asked = site;
    try {
        const found = await api('moderation/counts', { query: { site: asked } });
        if (asked === site)
            counts.value = found;
    }
    catch {
        // The next event or decision asks again; what failed for good has said so where it was asked for.
    }
}
export function refreshCounts() {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), GATHER);
}
export function countSite(next) {
    if (next === site && counts.peek())
        return;
    site = next;
    counts.value = null;
    void ask();
}
/** What an event says of one site's counts. */
export function takeCounts({ site: of, ...told }) {
    if (of === site)
        counts.value = told;
    else if (site === '')
        refreshCounts();
}

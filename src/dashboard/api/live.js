import { signal } from '@preact/signals';
import { addressOf } from './client.ts';
export const liveState = signal('connecting');
const KINDS = ['comment', 'decision', 'counts', 'claim', 'deleted', 'reset'];
/** Milliseconds before a stream that the browser gave up on is opened anew. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
/**
 * Listens until the returned function is called. The browser goes on by `Last-Event-ID` where a stream breaks
 * off; where it gives up (the service was away, the session over, the line cut), a new one is opened, and
 * told as `reset`.
 */
export function listen(site, listener) {
    let source;
    let timer;
    let wait = FIRST_WAIT;
    let isAnew = false;
    function open() {
        source = new EventSource(addressOf('moderation/events', { site }), { withCredentials: true });
        source.onopen = () => {
            liveState.value = 'open';
            wait = FIRST_WAIT;
            if (isAnew)
                listener('reset', {});
            isAnew = false;
        };
        source.onerror = () => {
            liveState.value = 'lost';
            if (source.readyState !== EventSource.CLOSED)
                return;
            isAnew = true;
            timer = setTimeout(open, wait);
            wait = Math.min(LONGEST_WAIT, wait * 2);
        };
        for (const kind of KINDS) {
            source.addEventListener(kind, (event) => listener(kind, JSON.parse(event.data)));
        }
    }
    /** A stream whose line was cut says nothing by itself for minutes. */
    const onOffline = () => {
        clearTimeout(timer);
        source.close();
        liveState.value = 'lost';
        isAnew = true;
    };
    const onOnline = () => {
        if (source.readyState !== EventSource.CLOSED)
            return;
        clearTimeout(timer);
        open();
    };
    liveState.value = 'connecting';
    open();
    addEventListener('offline', onOffline);
    addEventListener('online', onOnline);
    return () => {
        removeEventListener('offline', onOffline);
        removeEventListener('online', onOnline);
        clearTimeout(timer);
        source.close();
    };
}

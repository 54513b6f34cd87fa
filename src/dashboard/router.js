import { computed, signal } from '@preact/signals';
const hash = signal(location.hash);
addEventListener('hashchange', () => {
    hash.value = location.hash;
});
function parse(text) {
    const [path = '', query = ''] = text.replace(/^#?\/?/, '').split('?');
    const parts = path.split('/').filter((part) => part !== '');
    const decoded = parts.map((part) => {
        try {
            return decodeURIComponent(part);
        }
        catch {
            // URIError: somebody wrote the address by hand.
            return part;
        }
    });
    return { path: decoded.length > 0 ? decoded : ['queue'], query: new URLSearchParams(query) };
}
export const place = computed(() => parse(hash.value));
/** An address of the dashboard; what is empty is left out. */
export function hrefOf(path, query = {}) {
    const pairs = Object.entries(query).filter((pair) => Boolean(pair[1]));
    const search = new URLSearchParams(pairs).toString();
    return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}
export function go(path, query = {}, { replace = false } = {}) {
    const next = hrefOf(path, query);
    if (!replace) {
        location.hash = next;
        return;
    }
    history.replaceState(null, '', next);
    hash.value = next;
}

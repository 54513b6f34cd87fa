import { signal } from '@preact/signals';
import { api } from './api/client.ts';
import { complain } from './ui/notices.ts';
/** The moderator's sites; null until they are known. */
export const sites = signal(null);
export async function loadSites() {
    const found = [];
    let cursor = null;
    try {
        do {
            const page = await api('moderation/sites', { query: { limit: 200, cursor } });
            found.push(...page.items);
            cursor = page.nextCursor;
        } while (cursor !== null);
        sites.value = found.sort((a, b) => a.name.localeCompare(b.name));
    }
    catch (error) {
        complain(error);
    }
}
export const siteName = (id) => sites.value?.find((site) => site.id === id)?.name ?? id;
export const reasonsOf = (id) => sites.value?.find((site) => site.id === id)?.reasons ?? [];
/** For a choice among sites. */
export const siteOptions = () => (sites.value ?? []).map(({ id, name }) => [id, name]);

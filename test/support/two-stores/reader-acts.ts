import type { Acts } from './acts.ts';
import { inQuery, PAGE_IDS, PAGES } from './material.ts';
import type { Both, Told } from './story.ts';

const READERS = ['reader-aaaaaaaaaaaa', 'reader-bbbbbbbbbbbb', 'reader-cccccccccccc'];

/** What readers do. */
export const readerActs: Acts = ({ story, material, random, site, some, limit }) => {
  const { ask } = story;
  const reader = () => ({ 'gatehouse-reader': random.pick(READERS) });
  const pageQuery = () =>
    random.next() < 0.8 ? `page=${inQuery(material.address())}` : `pageId=${inQuery(random.pick(PAGE_IDS))}`;
  const byToken = (token: Both, side: 0 | 1) => ({ authorization: `Bearer ${token[side]}` });

  async function pageOf(told: Told): Promise<object> {
    const headers = { authorization: 'Bearer test-admin-token-0123456789' };
    const { json } = await story.sides[0].call({ path: `/v1/moderation/comments/${told.id[0]}`, headers });
    const { url = null, id = null } =
      (json as { page?: { url: string | null; id: string | null } }).page ?? {};
    return { url, id };
  }

  return {
    async post() {
      const parent = random.next() < 0.4 && story.comments.length > 0 ? some() : null;
      const page = parent ? await pageOf(parent) : material.page();
      const rest = {
        page,
        author: material.person(),
        body: material.body(),
        ...(random.next() < 0.03 && { website2: 'x' }),
      };
      const headers = {
        ...reader(),
        ...(random.next() < 0.08 && { 'idempotency-key': `k${story.step % 3}` }),
      };
      const path = `/v1/sites/${site()}/comments`;
      await ask((side) => ({
        method: 'POST',
        path,
        headers,
        body: { ...rest, parentId: parent?.id[side] ?? null },
      }));
    },
    async form() {
      const fields = {
        comment: material.body(),
        page: material.address(),
        author: 'Form',
        email: 'form@example.org',
      };
      const body = new URLSearchParams({
        ...fields,
        comment_post_ID: random.pick(['', '5', '0']),
      }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const path = `/v1/sites/${site()}/form`;
      await ask(() => ({ method: 'POST', path, headers, body }));
    },
    async list() {
      const focus = random.next() < 0.15 ? some() : null;
      const sort = random.pick(['', '&sort=oldest', '&sort=newest', '&sort=top', '&sort=x']);
      const format = random.pick(['', '&format=flat', '&format=html', '&format=tree']);
      const replies = random.pick(['', '&replyLimit=0', '&replyLimit=1']);
      const path = `/v1/sites/${site()}/comments?${pageQuery()}${sort}${format}${replies}${limit()}`;
      await ask((side) => ({ path: `${path}${focus ? `&focus=${focus.id[side]}` : ''}` }));
    },
    async read() {
      const told = some();
      const [at, query, count] = [site(), pageQuery(), random.pick(PAGES)];
      const headers = reader();
      const paths = [
        `/v1/sites/${at}/counts?${query}&page=${inQuery(count)}`,
        `/v1/sites/${at}/recent?limit=50`,
        `/v1/sites/${at}/feed.atom?${query}`,
        `/v1/sites/${at}?${query}`,
        `/v1/sites/${at}/reader?${query}`,
        `/v1/sites/${at}/thread?${query}`,
      ];
      const path = random.pick(paths);
      if (random.next() < 0.7) await ask(() => ({ path, headers }));
      else await ask((side) => ({ path: `/v1/comments/${told.id[side]}` }));
    },
    async own() {
      const path = `/v1/sites/${site()}/comments/own`;
      const kept = Array.from({ length: 5 }, () => some().token);
      await ask((side) => ({
        method: 'POST',
        path,
        body: { editTokens: kept.map((token) => token?.[side] ?? 'dead') },
      }));
    },
    async preview() {
      const body = { body: material.body() };
      await ask(() => ({ method: 'POST', path: '/v1/sites/news/preview', body }));
    },
    async edit() {
      const { id, token } = some();
      const body = { body: material.body() };
      if (token)
        await ask((side) => ({
          method: 'PATCH',
          path: `/v1/comments/${id[side]}`,
          headers: byToken(token, side),
          body,
        }));
    },
    async remove() {
      const { id, token } = some();
      if (token)
        await ask((side) => ({
          method: 'DELETE',
          path: `/v1/comments/${id[side]}`,
          headers: byToken(token, side),
        }));
    },
    async vote() {
      const { id } = some();
      const body = { value: random.pick([1, 1, -1, 0, 2, null]) };
      const headers = reader();
      await ask((side) => ({ method: 'PUT', path: `/v1/comments/${id[side]}/vote`, headers, body }));
    },
    async report() {
      const { id } = some();
      const body = {
        reason: random.pick(['spam', 'abuse', 'other', 'x']),
        note: random.pick([null, 'دو\nخط', '\ud800']),
      };
      const headers = reader();
      await ask((side) => ({ method: 'POST', path: `/v1/comments/${id[side]}/reports`, headers, body }));
    },
  };
};

import type { Api } from './api-client.ts';
import { readCorpus } from './corpora.ts';
import { expectJson } from './http-client.ts';

/** What the pictures of the dashboard show: real comments in two languages, and one of each room's things. */

const NEWS = [
  { id: 'gate', name: 'The Daily Gate', locale: 'en', title: 'The bridge that was never built' },
  { id: 'khabar', name: 'خبر روز', locale: 'fa', title: 'پلی که ساخته نشد' },
];
const NAMES: Record<string, string[]> = {
  gate: ['Joseph', 'Clara', 'Leila', 'Peter', 'Anouk', 'Omid', 'Ben', 'Mina'],
  khabar: ['یوسف', 'کلارا', 'لیلا', 'پیمان', 'رضا', 'مینا', 'امید', 'نیلوفر'],
};

async function fillSite(
  api: Api,
  { id, title, ...site }: (typeof NEWS)[number],
  texts: string[],
): Promise<void> {
  await api.createSite(id, { ...site, timeZone: id === 'gate' ? 'Europe/London' : 'Asia/Tehran' });
  const names = NAMES[id] ?? [];
  const ids: string[] = [];
  for (const [index, body] of texts.entries()) {
    const number = index < names.length ? '' : ` ${index}`;
    const { comment } = await api.posted(id, {
      page: { url: `https://${id}.example/bridge`, title },
      author: { name: `${names[index % names.length]}${number}`, email: `${id}${index}@readers.example` },
      body,
    });
    ids.push(comment.id);
  }
  for (const [index, one] of ids.slice(-9).entries()) {
    const action = (['approve', 'approve', 'reject', 'spam', 'approve', 'trash'] as const)[index % 6];
    expectJson(await api.decide(one, { action: action ?? 'approve' }), 200);
  }
}

/** Two sites with what they hold; the ids of what has a page of its own. */
export async function fillForPictures(api: Api, url: string): Promise<Record<string, string>> {
  const create = async (path: string, body: unknown, status = 201): Promise<Record<string, string>> =>
    expectJson(await api.asAdmin({ method: 'POST', path: `/v1/admin/${path}`, body }), status);
  // What nobody would hang up in a museum stays out.
  const english = readCorpus('youtube-01-psy').flatMap(({ text }) =>
    /sex|ass\b|fuck/i.test(text) ? [] : [text],
  );
  const persian = readCorpus('persian-instagram').map(({ text }) => text);
  const watches = ['today', 'tomorrow', 'this week'].map(
    (when) => `Buy the very best watches of the whole town at https://watches.example, ${when} only!`,
  );
  const [gate, khabar] = NEWS;
  if (!gate || !khabar) throw new Error('no sites');
  await fillSite(api, gate, [...english.slice(0, 12), ...watches, ...english.slice(12, 30)]);
  await fillSite(api, khabar, persian.slice(0, 24));
  const words = { hold: ['تبلیغ', 'خرید فالوور'], reject: ['شرط‌بندی*'] };
  expectJson(await api.asAdmin({ method: 'PUT', path: '/v1/admin/sites/khabar/wordlist', body: words }), 200);
  const alias = { alias: 'https://gate.example/b', page: 'https://gate.example/bridge' };
  await create('sites/gate/pages/aliases', alias);
  const { id: hook = '' } = await create('webhooks', { url, events: ['comment.approved'] });
  await create(`webhooks/${hook}/test`, {}, 202);
  const filter = { name: 'House rules', url, mode: 'async', enabled: false };
  const { id: filterId = '' } = await create('filters', filter);
  const lines = english.slice(30, 60).map((body, number) => ({
    id: `old-${number}`,
    page: { url: `https://gate.example/old/${number % 7}`, title: `Old news ${number % 7}` },
    author: { name: `Reader ${number}`, email: `old${number}@readers.example` },
    body: number === 3 ? '' : body,
    status: number % 4 === 0 ? 'spam' : 'approved',
    createdAt: new Date(Date.now() - number * 86_400_000).toISOString(),
  }));
  const { importId = '' } = expectJson<{ importId: string }>(
    await api.asAdmin({
      method: 'POST',
      path: '/v1/admin/sites/gate/imports?format=generic&dryRun=true',
      headers: { 'Content-Type': 'text/plain' },
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
    }),
    201,
  );
  return { hook, filter: filterId, import: importId };
}

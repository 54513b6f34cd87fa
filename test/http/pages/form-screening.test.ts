import { createSite, updateSite } from '../../../src/sites/manage.ts';
import { readForm } from '../../support/html-form.ts';
import type { PageServer } from '../../support/page-server.ts';
import { startPages } from '../../support/page-server.ts';

const PAGE = 'https://news.example/a';
let server: PageServer;
let now = Date.UTC(2026, 10, 23, 8);

beforeAll(async () => {
  server = await startPages({ clock: { now: () => now } });
  await createSite(server.deps, {
    id: 'news',
    name: 'The News',
    origins: ['https://news.example'],
    timeZone: 'UTC',
    locale: 'en',
    policy: { moderation: 'none', tooSoonSeconds: 5 },
  });
});
afterAll(() => server.close());

async function openForm() {
  const page = await fetch(`${server.url}/v1/sites/news/thread?page=${encodeURIComponent(PAGE)}`);
  const markup = await page.text();
  const { fields } = readForm(markup, 'commentform');
  fields.set('author', 'Sara');
  fields.set('email', 'sara@example.org');
  fields.set('comment', `A comment at ${now}`);
  return { markup, fields };
}

async function send(fields: URLSearchParams) {
  const answer = await fetch(`${server.url}/v1/sites/news/form`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: fields.toString(),
  });
  const id = new URL(answer.headers.get('location') ?? PAGE).hash.replace('#comment-', '');
  return { answer, comment: id === '' ? null : await server.deps.comments.find(id) };
}

describe('the plain form', () => {
  it('carries the trap where no person comes to it', async () => {
    const { markup } = await openForm();
    const place = /<p class="gh-extra" aria-hidden="true">[\s\S]*?<\/p>/.exec(markup)?.[0] ?? '';
    expect(place).toMatch(
      /<input id="website2" name="website2" type="text" tabindex="-1" autocomplete="off" value="">/,
    );
  });

  it('makes spam of what fills it in', async () => {
    const { fields } = await openForm();
    now += 60_000;
    fields.set('website2', 'https://spam.example');
    expect((await send(fields)).comment?.status).toBe('spam');
  });

  it('tells how long it was open, and nobody can say otherwise', async () => {
    const { fields } = await openForm();
    now += 2000;
    const { comment } = await send(fields);
    expect(comment?.status).toBe('pending');
    expect(comment?.screening.find(({ phase }) => phase === 'too-soon')?.outcome).toBe('hold');
    now += 4000;
    fields.set('comment', 'Another, later');
    expect((await send(fields)).comment?.status).toBe('approved');
    fields.set('comment', 'A third');
    fields.set('form_shown', `${fields.get('form_shown')}x`);
    const forged = (await send(fields)).comment;
    expect(forged?.screening.find(({ phase }) => phase === 'too-soon')?.outcome).toBe('skipped');
  });

  it('counts from the first time it was shown when something had to be corrected', async () => {
    const { fields } = await openForm();
    now += 4000;
    const text = fields.get('comment') ?? '';
    fields.set('comment', '');
    const { answer } = await send(fields);
    const again = readForm(await answer.text(), 'commentform').fields;
    now += 1500;
    again.set('comment', text);
    expect((await send(again)).comment?.status).toBe('approved');
  });

  it('has neither where the site wants neither', async () => {
    await updateSite(server.deps, 'news', { policy: { trapField: '', tooSoonSeconds: 0 } });
    const { markup, fields } = await openForm();
    expect(markup).not.toContain('gh-extra"');
    expect(fields.has('form_shown')).toBe(false);
    expect((await send(fields)).comment?.status).toBe('approved');
  });
});

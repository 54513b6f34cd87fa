import type { Browser } from 'playwright-core';
import { createApi } from '../support/api-client.ts';
import { inBrowser, openBrowser } from '../support/browser.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { eventually } from '../support/eventually.ts';
import { expectJson } from '../support/http-client.ts';

/** The live stream as a browser's own EventSource reads it. */
const SITE = 'watched';
const EMAIL = 'mina@desk.example';
const PASSWORD = 'a password of the proofs';

/** Runs in the page: signs in, so that the browser has the session's cookie. */
const SIGN_IN = `
  fetch('/v1/sessions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: '${EMAIL}', password: '${PASSWORD}' }),
  }).then(({ status }) => status);
`;

/** Runs in the page: notes every event with its id, and how often the stream was opened. */
const LISTEN = `
  window.heard = [];
  window.openings = 0;
  const source = new EventSource('/v1/moderation/events');
  source.onopen = () => { window.openings += 1; };
  for (const name of ['comment', 'decision', 'counts', 'claim', 'deleted', 'reset'])
    source.addEventListener(name, ({ data, lastEventId }) =>
      window.heard.push({ name, lastEventId, data: JSON.parse(data) }));
`;

interface Heard {
  name: string;
  lastEventId: string;
  data: { id?: string; commentId?: string; body?: { text: string } };
}

let installation: Installation;
let browser: Browser | null = null;

beforeAll(async () => {
  installation = createInstallation();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await installation.dispose();
});

inBrowser(
  'a page hears in Persian, and after the process was killed goes on by itself with what it missed',
  async () => {
    if (!browser) throw new Error('no browser');
    const first = await installation.start();
    const api = createApi(first);
    await api.createSite(SITE, { policy: { moderation: 'all' } });
    const moderator = { name: 'Mina', email: EMAIL, role: 'moderator', sites: [SITE] };
    const made = await api.asAdmin({ method: 'POST', path: '/v1/admin/moderators', body: moderator });
    const { inviteUrl } = expectJson<{ inviteUrl: string }>(made, 201);
    const body = { token: new URL(inviteUrl).searchParams.get('token'), password: PASSWORD };
    expectJson(await api.send({ method: 'POST', path: '/v1/invitations', body }), 201);
    // The policy of this page, which is no dashboard, lets it connect nowhere.
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.goto(`${first.url}/healthz`);
    expect(await page.evaluate(SIGN_IN)).toBe(201);
    await page.evaluate(LISTEN);
    const heard = (): Promise<Heard[]> => page.evaluate<Heard[]>('window.heard');
    const openings = (count: number) =>
      eventually(async () => expect(await page.evaluate('window.openings')).toBe(count), 20_000);
    await openings(1);

    const comment = {
      page: { url: `https://${SITE}.example/1` },
      author: { name: 'نیلوفر', email: 'n@khanandeh.example' },
    };
    const text = 'چه مقالهٔ خوبی! می‌خواهم بیشتر بخوانم.';
    const { comment: one } = await api.posted(SITE, { ...comment, body: text });
    await eventually(async () =>
      expect(await heard()).toContainEqual(
        expect.objectContaining({
          name: 'comment',
          data: expect.objectContaining({ id: one.id, body: expect.objectContaining({ text }) }),
        }),
      ),
    );
    // Acknowledged, and the process dies before the page can have heard of it.
    const { comment: two } = await api.posted(SITE, { ...comment, body: 'Just before the end' });
    await first.kill9();
    const second = await installation.start({ env: { PORT: new URL(first.url).port } });
    await openings(2);
    const { comment: three } = await createApi(second).posted(SITE, { ...comment, body: 'And after it' });
    await eventually(async () => {
      const comments = (await heard()).filter(({ name }) => name === 'comment');
      expect(comments.map(({ data }) => data.id)).toEqual([one.id, two.id, three.id]);
    });
    expect((await heard()).filter(({ name }) => name === 'reset')).toEqual([]);
    await context.close();
  },
);

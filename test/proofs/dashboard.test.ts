import type { Browser, Page } from 'playwright-core';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import { inBrowser, openBrowser, openWatched } from '../support/browser.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { currentName, emailOf, fillIn, hire, openDesk, rowNames, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { linkIn, mailTo } from '../support/mail.ts';
import { type Mailbox, startMailbox } from '../support/mailbox.ts';
import { until } from '../support/until.ts';

/** The moderators' work in a real browser, against the built service. */
let installation: Installation;
let service: Service;
let api: Api;
let mailbox: Mailbox;
let browser: Browser | null = null;

beforeAll(async () => {
  mailbox = await startMailbox();
  installation = createInstallation({ env: { SMTP_URL: mailbox.url } });
  service = await installation.start();
  api = createApi(service);
  browser = await openBrowser();
  await hire(api, 'Sara');
  await hire(api, 'Tom');
});

afterAll(async () => {
  await browser?.close();
  await installation.dispose();
  await mailbox.stop();
});

/** A site of its own with a comment of each name, oldest first. */
async function makeSite(id: string, names: string[]): Promise<Record<string, string>> {
  await api.createSite(id);
  const ids: Record<string, string> = {};
  for (const name of names) {
    const { comment } = await api.posted(id, {
      page: { url: `https://${id}.example/page`, title: 'A page' },
      author: { name, email: `${name.toLowerCase()}@readers.example` },
      body: `What ${name} has to say about it.`,
    });
    ids[name] = comment.id;
  }
  return ids;
}

const statusOf = async (id: string | undefined): Promise<string> => (await api.detail(id ?? '')).status;

const becomes = (id: string | undefined, status: string): Promise<unknown> =>
  until(`the comment to be ${status}`, async () => (await statusOf(id)) === status || undefined);

const becomesCurrent = (page: Page, name: string): Promise<unknown> =>
  until(`${name} to be the current one`, async () => (await currentName(page)) === name || undefined);

/** The key in that place of a Persian keyboard: its letter is none of ours, its place is. */
const pressPersian = (page: Page, code: string, key: string): Promise<void> =>
  page.evaluate(
    `document.body.dispatchEvent(new KeyboardEvent('keydown', { code: '${code}', key: '${key}', bubbles: true }))`,
  );

inBrowser(
  'a moderator clears a queue without the mouse, in a Persian layout too, and takes the last one back after a reload',
  async () => {
    const ids = await makeSite('keys', ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve']);
    const { page, wrong, strayed } = await openDesk(browser, service, {
      name: 'Sara',
      place: '/queue?site=keys',
    });
    await waitForRows(page, 5);
    await becomesCurrent(page, 'Ada');
    await page.keyboard.press('a');
    await becomesCurrent(page, 'Ben');
    await page.keyboard.press('r');
    await page.keyboard.press('2');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await becomesCurrent(page, 'Cleo');
    await pressPersian(page, 'KeyS', 'س');
    await page.keyboard.press('j');
    await becomesCurrent(page, 'Eve');
    await page.keyboard.press('t');
    await waitForRows(page, 1);
    await becomes(ids.Ada, 'approved');
    await becomes(ids.Ben, 'rejected');
    await becomes(ids.Cleo, 'spam');
    await becomes(ids.Eve, 'trash');
    const { history } = await api.detail(ids.Ben ?? '');
    expect(history.at(-1)).toMatchObject({ reason: 'abuse', by: { name: 'Sara' } });

    await page.reload();
    await waitForRows(page, 1);
    await page.keyboard.press('u');
    await waitForRows(page, 2);
    await becomes(ids.Eve, 'pending');
    await becomesCurrent(page, 'Eve');
    expect({ wrong, strayed }).toEqual({ wrong: [], strayed: [] });
    await page.context().close();
  },
);

inBrowser('what a colleague decides, claims or is sent shows at once, with their name', async () => {
  const ids = await makeSite('live', ['Ada', 'Ben']);
  const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=live' });
  await waitForRows(page, 2);
  await page.waitForSelector('.live-open');
  const tom = await openDesk(browser, service, { name: 'Tom', place: '/queue?site=live' });
  await waitForRows(tom.page, 2);
  await tom.page.keyboard.press('a');
  await becomes(ids.Ada, 'approved');
  await page.waitForSelector('.gone-banner:has-text("Tom"):has-text("Approved")');
  await tom.page.keyboard.press('c');
  await page.waitForSelector('.row-note:has-text("Tom")');
  await api.posted('live', {
    page: { url: 'https://live.example/page' },
    author: { name: 'Late', email: 'late@readers.example' },
    body: 'I am late.',
  });
  await page.waitForSelector('.row-name:has-text("Late")');
  await page.keyboard.press('j');
  expect(await rowNames(page)).toEqual(['Ben', 'Late']);
  await tom.page.context().close();
  await page.context().close();
});

inBrowser('who decides too late sees what happened, and may insist', async () => {
  const ids = await makeSite('late', ['Ada', 'Ben']);
  const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=late' });
  await waitForRows(page, 2);
  // Deaf from here on: what is seen is out of date.
  await page.context().setOffline(true);
  expectJson(await api.decide(ids.Ada ?? '', { action: 'spam' }), 200);
  await page.waitForSelector('.live-lost');
  await page.keyboard.press('a');
  await becomesCurrent(page, 'Ben');
  await page.context().setOffline(false);
  await page.waitForSelector('.conflict');
  expect(await page.textContent('.conflict')).toContain('root');
  expect(await page.textContent('.conflict')).toContain('Spam');
  expect(await statusOf(ids.Ada)).toBe('spam');
  await page.click('.conflict .button-danger');
  await becomes(ids.Ada, 'approved');
  await waitForRows(page, 1);
  await page.waitForSelector('.live-open');
  await page.context().close();
});

inBrowser(
  'what authors did themselves is told as theirs, to whom it came between and in the audit',
  async () => {
    await api.createSite('edited');
    const { comment, editToken } = await api.posted('edited', {
      page: { url: 'https://edited.example/page' },
      author: { name: 'Ada', email: 'ada@readers.example' },
      body: 'What Ada has to say about it.',
    });
    const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=edited' });
    await waitForRows(page, 1);
    await page.context().setOffline(true);
    const answer = await fetch(`${service.url}/v1/comments/${comment.id}`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${editToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ body: 'What Ada says now.' }),
    });
    expect(answer.status).toBe(200);
    await page.waitForSelector('.live-lost');
    await page.keyboard.press('a');
    await page.context().setOffline(false);
    await page.waitForSelector('.conflict:has-text("The author")');
    await page.evaluate("location.hash = '#/audit?site=edited'");
    await page.waitForSelector('tbody bdi:text-is("The author")');
    await page.context().close();
  },
);

inBrowser(
  'many are decided at once, those that somebody else had decided come back with why, and all is taken back by one key',
  async () => {
    const names = ['Ada', 'Ben', 'Cleo', 'Dan'];
    const ids = await makeSite('bulk', names);
    const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=bulk' });
    await waitForRows(page, 4);
    await page.context().route('**/v1/moderation/decisions', async (route) => {
      expectJson(await api.decide(ids.Cleo ?? '', { action: 'trash' }), 200);
      await route.continue();
    });
    await page.keyboard.press('Shift+J');
    await page.keyboard.press('Shift+J');
    expect(await page.textContent('.bulk strong')).toContain('3');
    await page.keyboard.press('s');
    await page.waitForSelector('.conflict:has-text("Cleo")');
    await becomes(ids.Ada, 'spam');
    await becomes(ids.Ben, 'spam');
    expect(await statusOf(ids.Cleo)).toBe('trash');
    expect(await statusOf(ids.Dan)).toBe('pending');
    await page.keyboard.press('u');
    await becomes(ids.Ada, 'pending');
    await becomes(ids.Ben, 'pending');
    expect(await statusOf(ids.Cleo)).toBe('trash');
    await page.context().close();
  },
);

inBrowser(
  'a session that ends in mid-work asks for a new one, and the decision that waited goes through',
  async () => {
    const ids = await makeSite('expired', ['Ada', 'Ben']);
    const { page } = await openDesk(browser, service, { name: 'Sara', place: '/queue?site=expired' });
    await waitForRows(page, 2);
    await page.context().clearCookies();
    await page.keyboard.press('a');
    await page.waitForSelector('.veil');
    await fillIn(page, 'Sara');
    await becomes(ids.Ada, 'approved');
    await becomesCurrent(page, 'Ben');
    await page.context().close();
  },
);

inBrowser(
  'a decision made while the service restarts is not lost, and nobody has to load anything anew',
  async () => {
    const own = createInstallation();
    try {
      const first = await own.start();
      const { port } = new URL(first.url);
      api = createApi(first);
      await hire(api, 'Sara');
      const ids = await makeSite('restart', ['Ada', 'Ben']);
      const { page } = await openDesk(browser, first, { name: 'Sara', place: '/queue?site=restart' });
      await waitForRows(page, 2);
      await first.kill9();
      await page.waitForSelector('.live-lost');
      await page.keyboard.press('a');
      const second = await own.start({ env: { PORT: port } });
      api = createApi(second);
      await becomes(ids.Ada, 'approved');
      await page.waitForSelector('.live-open');
      await waitForRows(page, 1);
      await page.context().close();
    } finally {
      await own.dispose();
      api = createApi(service);
    }
  },
);

inBrowser(
  'the start log leads to the first admin, the first site, and what to put into its pages',
  async () => {
    const own = createInstallation({ env: { GATEHOUSE_ADMIN_TOKEN: '' } });
    try {
      const fresh = await own.start();
      const setupUrl = String(fresh.logs().find(({ msg }) => msg === 'listening')?.setupUrl);
      if (!browser) throw new Error('no browser');
      const context = await browser.newContext({ locale: 'en' });
      const page = await context.newPage();
      await page.goto(setupUrl);
      await page.fill('[name=name]', 'Sara');
      await page.fill('[name=email]', 'sara@desk.example');
      await page.fill('[name=password]', 'correct horse battery staple');
      await page.click('[type=submit]');
      await page.click('a[href$="/moderate/"]');
      await page.waitForSelector('h1:has-text("The first site")');
      const [name, , origin] = await page.locator('form input').all();
      await name?.fill('The Daily Gate');
      await origin?.fill('https://daily.example');
      await page.click('form [type=submit]');
      await page.waitForSelector('.copyable');
      expect(await page.locator('.copyable textarea').first().inputValue()).toContain(
        'data-site="the-daily-gate"',
      );
      await page.click('.actions .button-main');
      await page.waitForSelector('.queue');
      await context.close();
    } finally {
      await own.dispose();
    }
  },
);

inBrowser('who has forgotten the password asks for a link at the sign-in, and is in by it', async () => {
  if (!browser) throw new Error('no browser');
  await hire(api, 'Uma');
  const { page, context, wrong } = await openWatched(browser, { bases: [service.url], locale: 'en-GB' });
  await page.goto(`${service.url}/moderate/`);
  await page.click('a:has-text("Forgot the password?")');
  await page.fill('input[type=email]', emailOf('Uma'));
  await page.click('button[type=submit]');
  await page.waitForSelector('h1:has-text("Look into your mail")');
  const link = linkIn(await mailTo(mailbox, emailOf('Uma')), 'Choose a new password');
  await page.goto(service.url + link);
  await page.fill('input[type=password]', 'six words that nobody has said');
  await page.click('button[type=submit]');
  await page.click('a[href$="/moderate/"]');
  await page.waitForSelector('.bar:has-text("Uma")');
  expect(wrong).toEqual([]);
  await context.close();
});

import { readFileSync } from 'node:fs';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import { inBrowser, openBrowser } from '../support/browser.ts';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { hire, openDesk, PASSWORD, pixelsOf } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

/** Admins' rooms in a real browser: what goes out, what comes in, what is given and erased. */
let installation: Installation;
let service: Service;
let api: Api;
let browser: Browser | null = null;
let receiver: Receiver;

beforeAll(async () => {
  // Slow enough for the list to be read while a try is under way.
  receiver = await startReceiver(({ text }, response) => {
    setTimeout(() => response.writeHead(204).end(), text.includes('webhook.test') ? 1500 : 0);
  });
  installation = createInstallation({ env: { ALLOW_PRIVATE_WEBHOOKS: 'true' } });
  service = await installation.start();
  api = createApi(service);
  browser = await openBrowser();
  await hire(api, 'Sara');
  await api.createSite('rooms', { origins: ['https://rooms.example'] });
});

afterAll(async () => {
  await browser?.close();
  await installation.dispose();
  await receiver.stop();
});

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const secretOf = (page: Page): Promise<string> => page.locator('.copyable textarea').first().inputValue();

/** A button that asks once more. */
async function pressTwice(page: Page, name: string): Promise<void> {
  await press(page, name);
  await press(page, 'Really?');
}

inBrowser(
  'a webhook is made with a secret that is shown once, tested, its delivery seen and sent again, its secret changed',
  async () => {
    const { page, wrong } = await openDesk(browser, service, { name: 'Sara', place: '/webhooks' });
    await field(page, 'Address').fill('ftp://rooms.example');
    await press(page, 'Make the webhook');
    await page.waitForSelector('.field .wrong');
    await field(page, 'Address').fill(receiver.url);
    await press(page, 'Make the webhook');
    await page.waitForSelector('.copyable');
    expect(await secretOf(page)).toMatch(/^whsec_/);
    await page.getByRole('link', { name: receiver.url }).click();
    await press(page, 'Send a test');
    await page.waitForSelector('td .badge:has-text("Delivered")');
    expect(receiver.received.map(({ text }) => JSON.parse(text).type)).toEqual(['webhook.test']);
    await press(page, 'Send again');
    await until('the delivery to come again', async () => receiver.received.length === 2 || undefined);
    await pressTwice(page, 'New secret');
    await page.waitForSelector('.copyable');
    expect(await secretOf(page)).toMatch(/^whsec_/);
    await page.reload();
    await page.waitForSelector('.panel');
    expect(await page.locator('.copyable').count()).toBe(0);
    await pressTwice(page, 'Remove');
    await page.waitForSelector('.empty');
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

inBrowser(
  'what is being written of a webhook or filter stays through a new secret, and through a line that is cut while deliveries are looked at',
  async () => {
    const hook = { url: receiver.url, events: ['comment.created'] };
    const made = expectJson<{ id: string }>(
      await api.asAdmin({ method: 'POST', path: '/v1/admin/webhooks', body: hook }),
      201,
    );
    const { page, context } = await openDesk(browser, service, {
      name: 'Sara',
      place: `/webhooks/${made.id}`,
    });
    const address = field(page, 'Address');
    await address.fill(`${receiver.url}written`);
    await pressTwice(page, 'New secret');
    await page.waitForSelector('.copyable');
    expect(await address.inputValue()).toBe(`${receiver.url}written`);
    let cut = true;
    await context.route(/\/v1\/admin\/webhooks\/[^/]+$/, (route) => (cut ? route.abort() : route.continue()));
    await press(page, 'Send a test');
    await page.getByRole('button', { name: 'Try again' }).first().waitFor();
    expect(await address.inputValue()).toBe(`${receiver.url}written`);
    cut = false;
    await page.waitForSelector('[role=alert]', { state: 'detached' });
    await press(page, 'Save');
    await page.waitForSelector('.notice-good');
    await page.waitForSelector(`h1:has-text("${receiver.url}written")`);
    // Not over what a colleague has changed meanwhile.
    await address.fill(`${receiver.url}mine`);
    const path = `/v1/admin/webhooks/${made.id}`;
    const theirs = { url: `${receiver.url}theirs` };
    expectJson(await api.asAdmin({ method: 'PATCH', path, body: theirs }), 200);
    await pressTwice(page, 'New secret');
    await page.waitForSelector(`h1:has-text("${receiver.url}theirs")`);
    await press(page, 'Save');
    await page.waitForSelector('form .wrong');
    expect(await address.inputValue()).toBe(`${receiver.url}mine`);
    const filter = { name: 'Before', url: receiver.url, mode: 'async', sites: ['*'] };
    const kept = expectJson<{ id: string }>(
      await api.asAdmin({ method: 'POST', path: '/v1/admin/filters', body: filter }),
      201,
    );
    await context.close();
    const desk = await openDesk(browser, service, { name: 'Sara', place: `/filters/${kept.id}` });
    await field(desk.page, 'Name').fill('After');
    await pressTwice(desk.page, 'New secret');
    await desk.page.waitForSelector('.copyable');
    expect(await field(desk.page, 'Name').inputValue()).toBe('After');
    await press(desk.page, 'Save');
    await desk.page.waitForSelector('h1:has-text("After")');
    await pressTwice(desk.page, 'Remove');
    await desk.page.waitForSelector('.empty');
    await desk.context.close();
  },
);

inBrowser(
  'a filter is made, changed and asked to learn again; what the service refuses stands beside its field',
  async () => {
    const { page, wrong } = await openDesk(browser, service, { name: 'Sara', place: '/filters' });
    await field(page, 'Name').fill('House');
    await field(page, 'Address').fill(receiver.url);
    await press(page, 'Make the filter');
    await page.waitForSelector('.copyable');
    await page.getByRole('link', { name: 'House', exact: true }).click();
    // The room that is left has fields of the same names.
    await page.waitForSelector('h1:has-text("House")');
    await field(page, 'Score up to which it has nothing against it').fill('0.9');
    await field(page, 'Score from which on it is spam').fill('0.2');
    await press(page, 'Save');
    await page.waitForSelector('.field .wrong');
    await field(page, 'Score from which on it is spam').fill('0.95');
    await press(page, 'Save');
    await page.waitForSelector('.notice-good');
    await field(page, 'From').fill('2024-01-01');
    await press(page, 'Send them again');
    await page.waitForSelector('.notice:has-text("on their way")');
    const { items } = expectJson<{ items: object[] }>(await api.asAdmin({ path: '/v1/admin/filters' }), 200);
    expect(items).toMatchObject([{ name: 'House', thresholds: { approve: 0.9, spam: 0.95 } }]);
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

inBrowser(
  'a file is looked at before it is taken in, and pages get further addresses and move after a look',
  async () => {
    const { page, wrong } = await openDesk(browser, service, {
      name: 'Sara',
      place: '/sites/rooms/import',
    });
    const line = {
      id: 'old-1',
      page: { url: 'https://rooms.example/old/one', title: 'One' },
      author: { name: 'Ada', email: 'ada@readers.example' },
      body: 'From before.',
      status: 'approved',
      createdAt: '2020-01-01T00:00:00.000Z',
    };
    await field(page, 'What the file is of').selectOption('generic');
    const buffer = Buffer.from(`${JSON.stringify(line)}\n`);
    await field(page, 'File').setInputFiles({ name: 'old.jsonl', mimeType: 'text/plain', buffer });
    await press(page, 'Look');
    await page.waitForSelector('h2:has-text("What would be imported")');
    expect((await api.counts('rooms')).approved).toBe(0);
    await press(page, 'Import it now');
    await page.waitForSelector('h2:text-is("Import")');
    expect((await api.counts('rooms')).approved).toBe(1);

    await page.getByRole('link', { name: 'Addresses', exact: true }).click();
    const adding = page.locator('form', { has: page.getByLabel('Further address', { exact: true }) });
    await adding.getByLabel('Further address', { exact: true }).fill('https://rooms.example/short');
    await adding.getByLabel('Page', { exact: true }).fill('https://rooms.example/old/one');
    await press(page, 'Add');
    await page.waitForSelector('td:has-text("https://rooms.example/short")');
    await field(page, 'Addresses that begin with').fill('https://rooms.example/old');
    await field(page, 'Begin from now on with').fill('https://rooms.example/new');
    await press(page, 'Look');
    await page.waitForSelector('[role=status]:has-text("1 page would move")');
    await field(page, 'Only look what would happen').uncheck();
    await press(page, 'Move the pages');
    await page.waitForSelector('[role=status]:has-text("1 page moved")');
    const { total } = await api.list('rooms', { page: 'https://rooms.example/new/one' });
    expect(total).toBe(1);
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

inBrowser(
  'a person is given what is kept of them as a file, and erased only once the address was typed again',
  async () => {
    await api.posted('rooms', {
      page: { url: 'https://rooms.example/p' },
      author: { name: 'Ben', email: 'ben@readers.example' },
      body: 'Mine.',
    });
    const { page, wrong } = await openDesk(browser, service, { name: 'Sara', place: '/privacy' });
    const [give, erase] = [page.locator('form').first(), page.locator('form').nth(1)];
    await give.getByLabel('Email').fill('ben@readers.example');
    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Get the file')]);
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toMatchObject({
      email: 'ben@readers.example',
      comments: [{ text: 'Mine.' }],
    });
    expect(file.suggestedFilename()).not.toContain('ben');
    await erase.getByLabel('Email').fill('ben@readers.example');
    await erase.getByLabel('The address once more').fill('ben@readers');
    const button = page.getByRole('button', { name: 'Erase', exact: true });
    expect(await button.isDisabled()).toBe(true);
    await erase.getByLabel('What becomes of what they wrote').selectOption('delete');
    await erase.getByLabel('The address once more').fill('ben@readers.example');
    await button.click();
    await page.waitForSelector('[role=status]:has-text("1 comment erased")');
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

inBrowser('codes are switched on by the first one that is right, and off by the password', async () => {
  const { page } = await openDesk(browser, service, { name: 'Sara', place: '/me' });
  await press(page, 'Set codes up');
  await page.waitForSelector('.copyable');
  const secret = await secretOf(page);
  expect(decodeQR(await pixelsOf(page, '.qr'))).toContain(`secret=${secret}`);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const right = totp.generate();
  const code = field(page, 'Code from your authenticator');
  await code.fill(right === '000000' ? '000001' : '000000');
  await press(page, 'Switch codes on');
  await page.waitForSelector('.wrong');
  await code.fill(totp.generate());
  await press(page, 'Switch codes on');
  await page.waitForSelector('p:has-text("Signing in asks for a code")');
  const section = page.locator('section', { has: page.locator('h2:has-text("authenticator")') });
  await section.getByLabel('Current password').fill(PASSWORD);
  await press(page, 'Switch codes off');
  await page.getByRole('button', { name: 'Set codes up' }).waitFor();
  await page.context().close();
});

inBrowser('where the browser lets nothing be copied, that is said', async () => {
  const { page, context, wrong } = await openDesk(browser, service, { name: 'Sara', place: '/sites/rooms' });
  await page.evaluate(
    "navigator.clipboard.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'))",
  );
  await page.getByRole('link', { name: 'Embed' }).click();
  await page.getByRole('button', { name: 'Copy' }).first().click();
  await page.waitForSelector('.notice-bad');
  expect(wrong).toEqual([]);
  await context.close();
});

inBrowser('mail about what waits is a moderator’s own choice, and stays theirs', async () => {
  const { page } = await openDesk(browser, service, { name: 'Sara', place: '/me' });
  const choice = page.getByLabel('Mail about what waits');
  expect(await choice.inputValue()).toBe('site');
  for (const chosen of ['daily', 'site']) {
    const saved = page.waitForResponse(
      (response) => response.url().endsWith('/v1/me') && response.request().method() === 'PATCH',
    );
    await choice.selectOption(chosen);
    expect((await saved).status()).toBe(200);
    await page.reload();
    expect(await choice.inputValue()).toBe(chosen);
  }
  await page.context().close();
});

import type { Page } from 'playwright-core';
import { dayAt } from '../../src/moderation/days.ts';
import { inBrowser } from '../support/browser.ts';
import { hire, openDesk, prepareDesk, rowNames, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { until } from '../support/until.ts';

/** Days that lists are narrowed to, for moderators who are far from their sites. */
const desk = prepareDesk({ Sara: {} });

/** A site with comments that wait since the given moments, by their authors' names. */
async function makeSite(id: string, timeZone: string, moments: Record<string, string>): Promise<void> {
  await desk.api.createSite(id, { timeZone });
  const lines = Object.entries(moments).map(([name, createdAt]) =>
    JSON.stringify({
      ...{ id: name, createdAt, status: 'pending', body: `What ${name} has to say.` },
      page: { url: `https://${id}.example/page` },
      author: { name, email: `${name.toLowerCase()}@readers.example` },
    }),
  );
  expectJson(
    await desk.api.asAdmin({
      ...{ method: 'POST', path: `/v1/admin/sites/${id}/imports?format=generic` },
      ...{ headers: { 'Content-Type': 'text/plain' }, body: lines.join('\n') },
    }),
    201,
  );
  await until('the comments to wait', async () => (await desk.api.counts(id)).pending === lines.length);
}

const narrow = async (page: Page, label: string, day: string): Promise<void> => {
  await page.getByLabel(label, { exact: true }).fill(day);
  await page.keyboard.press('Tab');
};
const helpOf = (page: Page, label: string): Promise<string | null> =>
  page.getByLabel(label, { exact: true }).locator('xpath=../p').textContent();

inBrowser(
  'the days of one site are those of its time zone, wherever the moderator is, and the fields say so',
  async () => {
    // A day without a midnight, and of 23 hours.
    await makeSite('tehran', 'Asia/Tehran', {
      Eve: '2022-03-21T20:29:59Z',
      First: '2022-03-21T20:30:00Z',
      Last: '2022-03-22T19:29:59Z',
      Morrow: '2022-03-22T19:30:00Z',
    });
    await makeSite('kathmandu', 'Asia/Kathmandu', {
      Before: '2025-12-31T18:14:59Z',
      Begin: '2025-12-31T18:15:00Z',
    });
    const place = '/queue?site=tehran';
    const { page, context, asked } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place, timezoneId: 'America/New_York' },
    });
    await waitForRows(page, 4);
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await narrow(page, 'From', '2022-03-22');
    await narrow(page, 'To', '2022-03-22');
    await waitForRows(page, 2);
    expect(await rowNames(page)).toEqual(['First', 'Last']);
    expect(await helpOf(page, 'From')).toMatch(/^Iran/);
    // The address may be sent: what is understood by it is the same for whoever opens it.
    await page.reload();
    await waitForRows(page, 2);
    expect(await rowNames(page)).toEqual(['First', 'Last']);
    // Not even before the site's zone was known.
    const sinces = asked
      .map((url) => new URL(url))
      .filter(({ pathname }) => pathname.endsWith('/queue'))
      .map(({ searchParams }) => searchParams.get('since'));
    expect(new Set(sinces)).toEqual(new Set([null, '2022-03-21T20:30:00.000Z']));
    await page.goto(`${desk.service.url}/moderate/#/queue?site=kathmandu&since=2026-01-01`);
    await waitForRows(page, 1);
    expect(await rowNames(page)).toEqual(['Begin']);

    // Of sites in several zones no day is the same: it is the moderator's own then.
    await page.goto(`${desk.service.url}/moderate/#/queue?since=2022-03-21&until=2022-03-21`);
    await waitForRows(page, 2);
    expect(await rowNames(page)).toEqual(['Eve', 'First']);
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    expect(await helpOf(page, 'To')).toMatch(/^Eastern/);
    await context.close();
  },
);

inBrowser(
  'the audit and a filter’s replay take days as the site has them, and all sites’ where they have one zone',
  async () => {
    // It is never the same day in these two, at no moment.
    const [there, here] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];
    await makeSite('kiritimati', there, { Ada: '2026-01-01T00:00:00Z' });
    await hire(desk.api, 'Tom', { role: 'moderator', sites: ['kiritimati'] });
    const [held] = await desk.api.walkQueue({ site: 'kiritimati' });
    expectJson(await desk.api.decide(held?.id ?? '', { action: 'approve' }), 200);
    const today = dayAt(there, Date.now());
    const far = { timezoneId: here };
    // A moderator of one site need not choose it.
    const tom = await openDesk(desk.browser, desk.service, {
      name: 'Tom',
      place: `/audit?since=${today}`,
      ...far,
    });
    await tom.page.waitForSelector('td:has-text("approved")');
    expect(await helpOf(tom.page, 'From')).toMatch(/^Line Islands/);
    // In one line with the others, whatever stands below them.
    const boxes = await Promise.all(
      (await tom.page.locator('.filter-line label').all()).map((label) => label.boundingBox()),
    );
    expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);
    await narrow(tom.page, 'To', dayAt(here, Date.now()));
    await tom.page.waitForSelector('main .empty');
    await tom.context.close();

    const filter = {
      kind: 'webhook',
      name: 'House',
      url: 'https://filter.example/',
      events: ['comment.decided'],
    };
    const made = await desk.api.asAdmin({
      ...{ method: 'POST', path: '/v1/admin/filters' },
      body: { ...filter, sites: ['*'], enabled: false },
    });
    const { id } = expectJson<{ id: string }>(made, 201);
    const sara = await openDesk(desk.browser, desk.service, {
      name: 'Sara',
      place: `/filters/${id}`,
      ...far,
    });
    const form = sara.page.locator('form', { has: sara.page.getByLabel('From', { exact: true }) });
    await form.getByLabel('Site', { exact: true }).selectOption('kiritimati');
    await form.getByLabel('From', { exact: true }).fill('2026-02-03');
    const sent = sara.page.waitForRequest((request) => request.url().endsWith('/replay'));
    await form.locator('button[type=submit]').click();
    expect((await sent).postDataJSON()).toEqual({ since: '2026-02-02T10:00:00.000Z', site: 'kiritimati' });
    await sara.context.close();
  },
);

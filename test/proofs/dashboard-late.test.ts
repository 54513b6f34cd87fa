import type { Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { currentName, makeSite, openDesk, prepareDesk, rowNames, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { until } from '../support/until.ts';

/** Two moderators at one list: what one of them decides is overruled by nobody who did not mean to. */
const desk = prepareDesk({ Sara: {} });

const idsOf = async (site: string): Promise<string[]> =>
  (await desk.api.walkQueue({ site })).map(({ id }) => id);
const statusOf = async (id = ''): Promise<string> => (await desk.api.detail(id)).status;
const approve = async (id = ''): Promise<void> => {
  expectJson(await desk.api.decide(id, { action: 'approve' }), 200);
};

async function openList(site: string, names: string[]): Promise<Page> {
  await makeSite(desk.api, site, names);
  const place = `/queue?site=${site}`;
  const { page } = await openDesk(desk.browser, desk.service, { name: 'Sara', place });
  await waitForRows(page, names.length);
  await page.waitForSelector('.live-open');
  return page;
}

inBrowser(
  'a decision that came too late comes back beside what is looked at by then: the next key is meant for that',
  async () => {
    const page = await openList('fast', ['Ada', 'Ben', 'Cleo']);
    const [ada, ben] = await idsOf('fast');
    await page.context().route('**/decisions', async (route) => {
      if (
        route
          .request()
          .url()
          .includes(ada ?? '')
      )
        await approve(ada);
      await route.continue();
    });
    await page.keyboard.press('s');
    await page.waitForSelector('.conflict');
    expect(await currentName(page)).toBe('Ben');
    await page.keyboard.press('s');
    await until('the second to be spam', async () => (await statusOf(ben)) === 'spam');
    expect(await statusOf(ada)).toBe('approved');
    expect(await page.textContent('.conflict')).toContain('Ada');
    await page.context().close();
  },
);

inBrowser(
  'a key on a comment that a colleague has decided by then tells so, and only who insists overrules it',
  async () => {
    const page = await openList('same', ['Ada', 'Ben']);
    const [ada] = await idsOf('same');
    await approve(ada);
    await page.waitForSelector('.gone-banner');
    await page.keyboard.press('s');
    await page.waitForSelector('.conflict:has-text("Ada")');
    expect(await statusOf(ada)).toBe('approved');
    // Also where its row has left the list meanwhile.
    await page.keyboard.press('j');
    expect(await rowNames(page)).toEqual(['Ben']);
    await page.click('.conflict .button-danger');
    await until('the insistence', async () => (await statusOf(ada)) === 'spam');
    expect(await page.locator('.conflict').count()).toBe(0);
    await page.context().close();
  },
);

inBrowser(
  'of several that were chosen, what a colleague decides until the key stays as they did',
  async () => {
    const page = await openList('chosen', ['Ada', 'Ben', 'Cleo']);
    const [ada, ben, cleo] = await idsOf('chosen');
    await page.getByLabel('All', { exact: true }).check();
    await approve(ben);
    await page.waitForSelector('.row.is-gone');
    await page.keyboard.press('s');
    await page.waitForSelector('.conflict li:has-text("Ben")');
    await until('the others', async () => (await desk.api.counts('chosen')).spam === 2);
    expect([await statusOf(ada), await statusOf(ben), await statusOf(cleo)]).toEqual([
      'spam',
      'approved',
      'spam',
    ]);
    expect(await rowNames(page)).toEqual(['Ben']);
    await page.keyboard.press('x');
    await page.keyboard.press('t');
    await page.waitForSelector('.conflict li:has-text("Ben")');
    expect(await statusOf(ben)).toBe('approved');
    await page.context().close();
  },
);

inBrowser('a claim that has run out is shown as nobody’s, whatever this machine’s clock says', async () => {
  const page = await openList('lapsed', ['Ada', 'Ben']);
  const claim = async (leaseSeconds: number): Promise<void> => {
    const body = { site: 'lapsed', limit: 1, leaseSeconds };
    expectJson(await desk.api.asAdmin({ method: 'POST', path: '/v1/moderation/claims', body }), 200);
  };
  // Long enough to be seen first, however slow the machine.
  await claim(8);
  const noted = page.locator('.row-note:has-text("root")');
  await noted.waitFor();
  await until('the claim to be seen to be over', async () => {
    await page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
    return (await noted.count()) === 0;
  });
  await claim(600);
  await page.addInitScript('const now = Date.now; Date.now = () => now() + 7_200_000;');
  await page.reload();
  await noted.waitFor();
  await page.context().close();
});

inBrowser('what ran out of one’s own claims is not shown as one’s own once they are renewed', async () => {
  const page = await openList('slept', ['Ada', 'Ben']);
  await page.clock.install();
  await page.reload();
  await waitForRows(page, 2);
  await page.keyboard.press('c');
  await page.waitForSelector('.row-note:has-text("Yours")');
  const call = `{ method: 'PATCH', headers: { 'Content-Type': 'application/json', 'X-Requested-With': '' }, body: '{"leaseSeconds":1}' }`;
  await page.evaluate(`fetch('../v1/moderation/claims', ${call})`);
  await until('the claims to run out', async () => {
    const query = { site: 'slept', claimed: 'free' };
    return (await desk.api.walkQueue(query)).length === 2;
  });
  await page.clock.fastForward('05:00');
  await waitForRows(page, 0);
  await page.context().close();
});

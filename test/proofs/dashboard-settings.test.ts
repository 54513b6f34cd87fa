import { inBrowser } from '../support/browser.ts';
import { makeSite, openDesk, prepareDesk } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';

/** The settings of a site, where the service or a colleague has a word in them. */
const desk = prepareDesk({ Sara: {} });

inBrowser('of a field with an item on each line every line that is wrong is named', async () => {
  await desk.api.createSite('lines');
  const { page, context } = await openDesk(desk.browser, desk.service, {
    ...{ name: 'Sara', place: '/sites/lines' },
  });
  const origins = page.getByLabel('Where its pages are', { exact: true });
  await origins.fill('https://one.example\ntwo\nhttps://three.example/path');
  await origins.blur();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const wrong = await page.locator('.field:has(textarea) .wrong').textContent();
  expect(wrong).toBe('2: This is not a web address. 3: This is not a web address.');
  expect(await page.locator('.form-end .wrong').textContent()).not.toContain('/origins');
  await context.close();
});

inBrowser(
  'what is written over a colleague’s change of the settings is kept, shown beside it and saved',
  async () => {
    await desk.api.createSite('both');
    const { page, context } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place: '/sites/both' },
    });
    const depth = page.getByLabel('Levels of replies');
    await depth.fill('3');
    const path = '/v1/admin/sites/both';
    const body = { policy: { pageSize: 11 } };
    expectJson(await desk.api.asAdmin({ method: 'PATCH', path, body }), 200);
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await depth.blur();
    await save.click();
    await page.locator('.form-end .wrong').waitFor();
    expect(await depth.inputValue()).toBe('3');
    expect(await page.getByLabel('Threads a page').inputValue()).toBe('11');
    await save.click();
    await page.locator('.notice-good').waitFor();
    const { policy } = expectJson<{ policy: object }>(await desk.api.asAdmin({ path }), 200);
    expect(policy).toMatchObject({ pageSize: 11, maxDepth: 3 });
    await context.close();
  },
);

inBrowser(
  'word lists that a colleague has changed meanwhile are joined, to be saved by another try',
  async () => {
    await desk.api.createSite('terms');
    const path = '/v1/admin/sites/terms/wordlist';
    const put = async (body: object): Promise<void> => {
      expectJson(await desk.api.asAdmin({ method: 'PUT', path, body }), 200);
    };
    await put({ hold: ['old', 'wrong'], reject: [] });
    const { page, context } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place: '/sites/terms/words' },
    });
    await page.getByLabel('Hold for a person').fill('old\nwrong\nmine');
    await put({ hold: ['theirs', 'old'], reject: ['worse'] });
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await page.locator('.form-end .wrong').waitFor();
    expect(await page.getByLabel('Hold for a person').inputValue()).toBe('old\nmine\ntheirs');
    await save.click();
    await page.locator('.notice-good').waitFor();
    expect(expectJson<object>(await desk.api.asAdmin({ path }), 200)).toMatchObject({
      hold: ['old', 'mine', 'theirs'],
      reject: ['worse'],
    });
    await context.close();
  },
);

inBrowser(
  'what a colleague has said of a page meanwhile is there when its dialog is opened again',
  async () => {
    await makeSite(desk.api, 'paged', ['Ada']);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place: '/sites/paged/pages' },
    });
    const edit = page.locator('tbody >> text=Edit');
    await edit.click();
    const { items } = expectJson<{ items: { key: string }[] }>(
      await desk.api.asAdmin({ path: '/v1/admin/sites/paged/pages' }),
      200,
    );
    const path = `/v1/admin/sites/paged/pages/${items[0]?.key}`;
    expectJson(await desk.api.asAdmin({ method: 'PATCH', path, body: { title: 'Theirs' } }), 200);
    const save = page.locator('dialog').getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await page.locator('dialog .form-end .wrong').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('tbody >> text=Theirs').waitFor();
    await edit.click();
    await page.locator('dialog input').first().fill('Mine');
    await save.click();
    await page.locator('tbody >> text=Mine').waitFor();
    await context.close();
  },
);

const SUBSCRIBER = {
  path: '/v1/admin/webhooks',
  body: { url: 'https://one.example/hook', events: ['comment.created'], site: null },
};
const FILTER = {
  path: '/v1/admin/filters',
  body: { name: 'Words', url: 'https://one.example/filter', sites: ['*'], mode: 'async' },
};

inBrowser.each([
  { room: 'webhooks', ...SUBSCRIBER },
  { room: 'filters', ...FILTER },
])(
  'over a colleague’s change of one of the $room what is written is kept and saved by another try',
  async (one) => {
    const { room, path, body } = one;
    const { id } = expectJson<{ id: string }>(await desk.api.asAdmin({ method: 'POST', path, body }), 201);
    const { page, context } = await openDesk(desk.browser, desk.service, {
      ...{ name: 'Sara', place: `/${room}/${id}` },
    });
    const enabled = page.getByLabel('Enabled');
    await enabled.uncheck();
    const theirs = { url: 'https://two.example/theirs' };
    const change = { method: 'PATCH', path: `${path}/${id}`, body: theirs };
    expectJson(await desk.api.asAdmin(change), 200);
    const save = page.getByRole('button', { name: 'Save', exact: true });
    await save.click();
    await page.locator('.form-end .wrong').waitFor();
    expect(await enabled.isChecked()).toBe(false);
    expect(await page.getByLabel('Address').inputValue()).toBe(theirs.url);
    await save.click();
    await page.locator('.notice-good').waitFor();
    const { items } = expectJson<{ items: object[] }>(await desk.api.asAdmin({ path }), 200);
    expect(items).toContainEqual(expect.objectContaining({ id, ...theirs, enabled: false }));
    await context.close();
  },
);

inBrowser('what is wrong with one of several boxes is said of all of them, and leads there', async () => {
  await desk.api.createSite('boxed');
  const { page, context } = await openDesk(desk.browser, desk.service, {
    ...{ name: 'Sara', place: '/tokens' },
  });
  // The boxes offer nothing that the service refuses.
  await context.route(/\/admin\/tokens$/, (route) =>
    route.continue({ postData: { ...route.request().postDataJSON(), sites: ['No id'] } }),
  );
  await page.getByLabel('Name', { exact: true }).fill('A sidebar');
  const boxes = page.getByRole('group', { name: 'Sites' });
  await boxes.getByRole('checkbox', { name: /boxed/ }).check();
  await page.getByRole('button', { name: 'Make the token' }).click();
  await boxes.locator('.wrong').waitFor();
  const describedBy = await boxes.getAttribute('aria-describedby');
  expect(await boxes.locator('.wrong').getAttribute('id')).toBe(describedBy);
  await boxes.locator('input:focus').waitFor();
  await context.close();
});

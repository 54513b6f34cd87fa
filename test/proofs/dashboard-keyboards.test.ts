import type { CDPSession, Page } from 'playwright-core';
import { inBrowser } from '../support/browser.ts';
import { makeSite, openDesk, prepareDesk, rowNames, waitForRows } from '../support/dashboard.ts';
import { expectJson } from '../support/http-client.ts';
import { until } from '../support/until.ts';

/** Keys that an input method takes for itself, keys that are held down, and clicks that come twice. */
const desk = prepareDesk({ Sara: {} });

async function openQueue(site: string): Promise<{ page: Page; line: CDPSession; sent: string[] }> {
  await makeSite(desk.api, site, ['Ada', 'Ben', 'Cleo']);
  const { page } = await openDesk(desk.browser, desk.service, { name: 'Sara', place: `/queue?site=${site}` });
  await waitForRows(page, 3);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') sent.push(new URL(request.url()).pathname);
  });
  return { page, line: await page.context().newCDPSession(page), sent };
}

const compose = (line: CDPSession, text: string): Promise<unknown> =>
  line.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });

inBrowser('while an input method composes, Enter sends nothing and Escape leaves nothing', async () => {
  const { page, line, sent } = await openQueue('composed');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog textarea');
  await compose(line, 'にほん');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Escape');
  expect(sent).toEqual([]);
  expect(await page.inputValue('dialog textarea')).toBe('にほん');
  await line.send('Input.insertText', { text: '日本' });
  const answered = page.waitForResponse('**/replies');
  await page.keyboard.press('Control+Enter');
  await answered;
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('/');
  await compose(line, 'かん');
  await page.keyboard.press('Escape');
  expect(await page.evaluate('document.activeElement.id')).toBe('search');
  await line.send('Input.insertText', { text: '漢' });
  await page.keyboard.press('Escape');
  expect(await page.evaluate('document.activeElement.id')).toBe('');
  await page.context().close();
});

inBrowser('a key that is held down writes nothing into the box that it opened', async () => {
  const { page } = await openQueue('held');
  // Without a key-up in between, a further one is a repetition.
  for (const key of ['e', 'e', 'e']) await page.keyboard.down(key);
  const text = page.locator('dialog textarea');
  expect(await text.inputValue()).toBe('What Ada has to say about it.');
  await page.keyboard.up('e');
  await text.press('Control+End');
  for (const key of ['e', 'e']) await page.keyboard.down(key);
  expect(await text.inputValue()).toBe('What Ada has to say about it.ee');
  await page.context().close();
});

inBrowser('a double click on a decision, or Enter held down there, decides once', async () => {
  const { page, sent } = await openQueue('doubled');
  const approve = page.locator('.comment-actions').getByRole('button', { name: 'Approve', exact: true });
  await approve.dblclick();
  await waitForRows(page, 2);
  await approve.focus();
  for (const key of ['Enter', 'Enter', 'Enter']) await page.keyboard.down(key);
  await page.keyboard.up('Enter');
  await waitForRows(page, 1);
  expect(await rowNames(page)).toEqual(['Cleo']);
  await until('both to be approved', async () => (await desk.api.counts('doubled')).approved === 2);
  expect(sent).toHaveLength(2);
  // One press behind another is meant.
  await approve.press('Enter');
  await waitForRows(page, 0);
  await page.context().close();
});

inBrowser('a double click confirms nothing that asks once more', async () => {
  const { page, sent } = await openQueue('sure');
  const body = { name: 'Script', role: 'moderator', sites: ['sure'] };
  expectJson(await desk.api.asAdmin({ method: 'POST', path: '/v1/admin/tokens', body }), 201);
  await page.goto(`${desk.service.url}/moderate/#/tokens`);
  const remove = page.locator('tr:has-text("Script") .button-danger');
  await remove.dblclick();
  await page.waitForSelector('.button-danger:text-is("Really?")');
  expect(sent).toEqual([]);
  await remove.click();
  await page.locator('tr:has-text("Script")').waitFor({ state: 'detached' });
  expect(sent).toHaveLength(1);
  await page.context().close();
});

inBrowser('what became of a comment is read out, and then whose comes next', async () => {
  const { page } = await openQueue('heard');
  const said = page.locator('[role=status].unseen');
  const hears = (words: string[]): Promise<unknown> =>
    until(`${words}`, async () => {
      const texts = (await said.allTextContents()).map((text) => text.replaceAll(/[\u2068\u2069]/g, ''));
      return words.every((one) => texts.includes(one));
    });
  const decided = page.waitForResponse('**/decisions');
  await page.keyboard.press('a');
  await hears(['Ada: approved', 'Comment of Ben']);
  await decided;
  await until('it to be taken back', () =>
    page.locator('.undo-bar button:not([aria-disabled=true])').count(),
  );
  await page.keyboard.press('u');
  await hears(['Taken back: Ada', 'Comment of Ada']);
  await page.context().close();
});

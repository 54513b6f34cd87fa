import { inBrowser } from '../support/browser.ts';
import { fillIn, startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Readers write: the form, what becomes of a comment, and what they can still do with it. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const ME = { name: 'نیلوفر', email: 'nilufar@readers.example' };
const storage = 'JSON.stringify({...localStorage})';

inBrowser(
  'the form says what an outside filter is told beside what is public, and nothing where that is nothing',
  async () => {
    await world.site('sharing');
    const sentence =
      'To keep spam out, an outside service is also given: your email address and your browser’s name.';
    const told: [string[], string[]][] = [
      [['email', 'userAgent'], [sentence]],
      [[], []],
    ];
    for (const [shares, sentences] of told) {
      const { page, context } = await world.open('about:blank');
      await context.route('**/v1/sites/sharing?**', async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), shares } });
      });
      await page.goto(world.publish('/sharing', 'sharing'));
      await page.waitForSelector('#respond');
      const said = page.locator('#respond .note:has-text("an outside service is also given")');
      expect(await said.allTextContents()).toEqual(sentences);
      await context.close();
    }
  },
);

inBrowser(
  'a Persian reader meets the form they know, sends, waits, sees it after reload, and sees it approved',
  async () => {
    await world.site('fa', { locale: 'fa', timeZone: 'Asia/Tehran' });
    const { page, context, troubles } = await world.open(world.publish('/fa', 'fa', { lang: 'fa' }));
    await page.waitForSelector('#respond');
    expect(await page.locator('#respond h2').textContent()).toBe('دیدگاهتان را بنویسید');
    expect(await page.locator('#respond .note').first().textContent()).toBe(
      'نشانی ایمیل شما منتشر نخواهد شد. بخش‌های موردنیاز علامت‌گذاری شده‌اند *',
    );
    expect(await page.locator('section').getAttribute('dir')).toBe('rtl');
    expect(await page.locator('#respond label:has-text("*")').count()).toBe(3);
    await fillIn(page, { ...ME, comment: 'سلام، می‌خواهم بیشتر بدانم.' });
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('article.waiting');
    expect(await page.locator('article.waiting .notice').textContent()).toContain('در انتظار بررسی');
    expect(await page.inputValue('#respond textarea')).toBe('');
    expect(await page.evaluate(storage)).not.toContain(ME.email);
    await page.reload();
    await page.waitForSelector('article.waiting');
    const [held] = await world.api.walkQueue({ site: 'fa' });
    await world.api.decide(held?.id ?? '', { action: 'approve' });
    await page.reload();
    await page.waitForSelector('#respond');
    expect(await page.locator('article.waiting').count()).toBe(0);
    const title = await page.locator('time').getAttribute('title');
    const expected = new Intl.DateTimeFormat('fa', { dateStyle: 'long', timeZone: 'Asia/Tehran' }).format();
    expect(title).toContain(expected);
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser(
  'what the service refuses stands beside its field, the first has the focus, and mending is enough',
  async () => {
    await world.site('errors', { policy: { moderation: 'none', limits: { body: 300 } } });
    const { page, context } = await world.open(world.publish('/errors', 'errors'));
    await page.waitForSelector('#respond');
    await fillIn(page, { comment: 'x'.repeat(301), email: 'nobody' });
    expect(await page.locator('#respond .left').textContent()).toBe('At most 300 characters, please.');
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('[aria-invalid]');
    expect(await page.locator('#respond-body-error').textContent()).toBe('At most 300 characters, please.');
    expect(await page.locator('#respond-name-error').textContent()).toBe('Please fill this in.');
    expect(await page.locator('#respond-email-error').textContent()).toBe('This is not an email address.');
    const active = "document.querySelector('gatehouse-comments').shadowRoot.activeElement.id";
    expect(await page.evaluate(active)).toBe('respond-body');
    expect(await page.getAttribute('#respond-body', 'aria-describedby')).toBe('respond-body-error');
    await fillIn(page, { comment: 'می‌ر🙂'.repeat(60), name: 'A', email: 'a@readers.example' });
    expect(await page.locator('#respond .left').textContent()).toBe('0 characters left');
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('li[id^=comment-] .body');
    await context.close();
  },
);

inBrowser(
  'a draft survives reload and a cut line, and is sent once with one key when the line is back',
  async () => {
    await world.site('cut', { policy: { moderation: 'none' } });
    const { page, context } = await world.open(world.publish('/cut', 'cut'));
    await page.waitForSelector('#respond');
    await fillIn(page, { comment: 'Written with care' });
    await page.reload();
    await page.waitForSelector('#respond');
    expect(await page.inputValue('#respond textarea')).toBe('Written with care');
    await fillIn(page, { name: 'A', email: 'a@readers.example' });
    const keys: (string | undefined)[] = [];
    let cut = true;
    await context.route('**/v1/sites/cut/comments', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      keys.push(route.request().headers()['idempotency-key']);
      if (!cut) return route.continue();
      cut = false;
      // It arrives, but the answer is lost.
      await route.fetch();
      return route.abort();
    });
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('text=No connection');
    await page.click('#respond button:has-text("Try again")');
    await page.waitForSelector('li[id^=comment-] .body');
    expect(new Set(keys).size).toBe(1);
    expect(keys).toHaveLength(2);
    const url = `${world.origin}/cut`;
    expect((await world.api.list('cut', { page: url })).total).toBe(1);
    expect(await page.locator('li[id^=comment-]').count()).toBe(1);
    await context.close();
  },
);

inBrowser(
  'an answer stands in its place; one’s own is edited and deleted in its time, a name kept where asked for',
  async () => {
    await world.site('own', { policy: { moderation: 'none' } });
    const root = await world.api.posted('own', {
      page: { url: `${world.origin}/own` },
      author: { name: 'Root', email: 'root@readers.example' },
      body: 'Root',
    });
    const { page, context, troubles } = await world.open(world.publish('/own', 'own'));
    await page.waitForSelector('#respond');
    const item = `#comment-${root.comment.id}`;
    await page.click(`${item} button:has-text("Reply")`);
    await fillIn(page, { comment: 'An answer', name: 'Me', email: 'me@readers.example' }, `${item} form`);
    await page.check(`${item} form input[type=checkbox]`);
    await page.click(`${item} form button[part~=submit]`);
    const reply = page.locator(`${item} ol.replies > li`);
    await reply.waitFor();
    expect(await page.locator('h2').first().textContent()).toBe('2 comments');
    expect(await reply.locator('.left').textContent()).toMatch(/^1\d:\d\d left to change it$/);
    await reply.locator('button:has-text("Edit")').click();
    await reply.locator('textarea').fill('A better answer');
    await reply.locator('button:has-text("Save")').click();
    await page.waitForSelector('text=A better answer');
    await page.reload();
    await page.waitForSelector('#respond');
    expect(await page.inputValue('#respond input[autocomplete=name]')).toBe('Me');
    await reply.locator('button:has-text("Delete")').click();
    await reply.locator('button:has-text("Delete")').last().click();
    await page.waitForSelector('.removed');
    expect(await page.locator('h2').first().textContent()).toBe('1 comment');
    expect((await world.api.list('own', { page: `${world.origin}/own` })).total).toBe(1);
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser('votes and reports are counted once, and one’s own vote is known after reload', async () => {
  await world.site('votes', { policy: { moderation: 'none' } });
  const { comment } = await world.api.posted('votes', {
    page: { url: `${world.origin}/votes` },
    author: { name: 'Root', email: 'root@readers.example' },
    body: 'Root',
  });
  const { page, context, troubles } = await world.open(world.publish('/votes', 'votes'));
  const up = page.locator('button[aria-label^="I agree"]');
  await up.click();
  await page.waitForSelector('button[aria-label="I agree 1"][aria-pressed=true]');
  await page.reload();
  await page.waitForSelector('button[aria-label="I agree 1"][aria-pressed=true]');
  await page.click('button[aria-label^="I disagree"]');
  await page.waitForSelector('button[aria-label="I disagree 1"][aria-pressed=true]');
  expect(await up.getAttribute('aria-label')).toBe('I agree 0');
  await page.click('button:has-text("Report")');
  await page.selectOption('form.small select', 'abuse');
  await page.fill('form.small textarea', 'یادداشت');
  await page.click('form.small button:has-text("Report")');
  await page.waitForSelector('.place .notice');
  const detail = (await world.api.detail(comment.id)) as unknown as { reports: object[] };
  expect(detail.reports).toMatchObject([{ reason: 'abuse', note: 'یادداشت' }]);
  expect(troubles).toEqual([]);
  await context.close();
});

inBrowser(
  'one’s own comment stands once, where it belongs, after those that came before it were loaded',
  async () => {
    await world.site('later', { policy: { moderation: 'none', pageSize: 2 } });
    const url = world.publish('/later', 'later');
    const author = { name: 'Root', email: 'root@readers.example' };
    for (const body of ['One', 'Two', 'Three'])
      await world.api.posted('later', { page: { url }, author, body });
    const { page, context, troubles } = await world.open(url);
    await page.waitForSelector('#respond');
    await fillIn(page, { comment: 'Mine', name: 'A', email: 'a@readers.example' });
    await page.click('#respond button[part~=submit]');
    const texts = (): Promise<string[]> => page.locator('article > .body').allTextContents();
    await page.waitForSelector('article:has-text("Mine")');
    expect(await texts()).toEqual(['One', 'Two', 'Mine']);
    await page.click('article:has-text("Mine") button:has-text("Reply")');
    await page.fill('article:has-text("Mine") textarea', 'Half an answer');
    await page.click('button:has-text("More comments")');
    await page.waitForSelector('button:has-text("More comments")', { state: 'detached' });
    expect(await texts()).toEqual(['One', 'Two', 'Three', 'Mine']);
    await page.waitForSelector('article:has-text("Mine") button:has-text("Edit")');
    expect(await page.inputValue('article:has-text("Mine") textarea')).toBe('Half an answer');
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser('where nothing can be kept, one’s vote is taken back all the same', async () => {
  await world.site('unkept', { policy: { moderation: 'none' } });
  const page = { url: `${world.origin}/unkept` };
  const author = { name: 'Root', email: 'root@readers.example' };
  await world.api.posted('unkept', { page, author, body: 'Root' });
  const opened = await world.open('about:blank');
  await opened.context.addInitScript(
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } })",
  );
  await opened.page.goto(world.publish('/unkept', 'unkept'));
  await opened.page.click('button[aria-label^="I agree"]');
  await opened.page.waitForSelector('button[aria-label="I agree 1"][aria-pressed=true]');
  await opened.page.click('button[aria-label^="I disagree"]');
  await opened.page.waitForSelector('button[aria-label="I disagree 1"][aria-pressed=true]');
  expect((await world.api.list('unkept', { page: page.url })).comments).toMatchObject([
    { votes: { up: 0, down: 1 } },
  ]);
  expect(opened.troubles).toEqual([]);
  await opened.context.close();
});

inBrowser('what somebody else wrote where the widget keeps its things counts as nothing kept', async () => {
  await world.site('strange', { policy: { moderation: 'none' } });
  const url = world.publish('/strange', 'strange');
  const author = { name: 'Root', email: 'root@readers.example' };
  await world.api.posted('strange', { page: { url }, author, body: 'Root' });
  const { page, context, troubles } = await world.open(url);
  for (const own of ['{"a":1}', '7', '[null]']) {
    const kept = { 'gatehouse:own:strange': own, 'gatehouse:reader': '{}' };
    await page.evaluate(`localStorage.clear(); Object.assign(localStorage, ${JSON.stringify(kept)})`);
    await page.reload();
    await page.waitForSelector('#respond');
    await page.click('button[aria-label^="I agree"][aria-pressed=false]');
    await page.waitForSelector('button[aria-label^="I agree"][aria-pressed=true]');
    await fillIn(page, { comment: `Beside ${own}`, name: 'A', email: 'a@readers.example' });
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector(`article:has-text('Beside ${own}') button:has-text("Edit")`);
  }
  expect(troubles).toEqual([]);
  await context.close();
});

inBrowser(
  'one’s own waiting comment is seen again on its page alone, however the service writes the address',
  async () => {
    await world.site('slash', {});
    const address = world.publish('/slash/', 'slash');
    const { page, context, troubles } = await world.open(`${address}?p=1`);
    await page.waitForSelector('#respond');
    await fillIn(page, { comment: 'I wait here', name: 'A', email: 'a@readers.example' });
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('article.waiting');
    await page.goto(`${address}?p=2`);
    await page.waitForSelector('#respond');
    await page.waitForLoadState('networkidle');
    expect(await page.locator('article.waiting').count()).toBe(0);
    await page.goto(`${address}?p=1`);
    await page.waitForSelector('article.waiting:has-text("I wait here")');
    expect(troubles).toEqual([]);
    await context.close();
  },
);

inBrowser(
  'an answer opens at once where something else stood, and an edit that was begun is there when it is opened again',
  async () => {
    await world.site('places', { policy: { moderation: 'none' } });
    const url = world.publish('/places', 'places');
    await world.api.posted('places', {
      page: { url },
      author: { name: 'Root', email: 'root@readers.example' },
      body: 'Root',
    });
    const { page, context, troubles } = await world.open(url);
    await page.waitForSelector('#respond');
    await fillIn(page, { comment: 'Mine', name: 'A', email: 'a@readers.example' });
    await page.click('#respond button[part~=submit]');
    const root = page.locator('article:has-text("Root")');
    const mine = page.locator('article:has-text("Mine")');
    await mine.waitFor();

    await root.locator('button:text-is("Report")').click();
    await root.locator('form button:text-is("Report")').click();
    await root.locator('.place .notice').waitFor();
    await root.locator('button:has-text("Reply")').click();
    await root.locator('form[part=form] textarea').waitFor();
    await root.locator('button:text-is("Report")').click();
    await root.locator('form.small select').waitFor();

    const text = mine.locator('form.small textarea');
    await mine.locator('button:has-text("Edit")').click();
    await text.fill('Mine, and much more');
    for (const other of ['Reply', 'Delete', 'Edit'])
      await mine.locator(`.actions > button:has-text("${other}")`).first().click();
    expect(await text.inputValue()).toBe('Mine, and much more');
    await mine.locator('button:has-text("Cancel")').click();
    await mine.locator('button:has-text("Edit")').click();
    expect(await text.inputValue()).toBe('Mine');
    expect(troubles).toEqual([]);
    await context.close();
  },
);

import { inBrowser } from '../support/browser.ts';
import { tokenSigner } from '../support/identity.ts';
import { startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Readers whom the site has signed in, and what it hands over of them. */

let world: WidgetWorld;
beforeAll(async () => {
  world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

const ELEMENT = "document.querySelector('gatehouse-comments')";
const FIELDS = '#respond :is([autocomplete=name], [autocomplete=email], [type=checkbox])';
const SENTENCE = 'Sign in on this site to leave a comment.';

inBrowser(
  'a signed-in reader is shown by name and asked for none; a function is asked anew at each comment; a hostile badge is text',
  async () => {
    await world.site('members', { policy: { moderation: 'none' } });
    const sign = await tokenSigner(world.api, 'members');
    const name = '<b>Mina</b> Sabouri';
    const badge = '<img src=x onerror=alert(1)>';
    const { page, context, troubles } = await world.open('about:blank');
    const given: string[] = [];
    await page.exposeFunction('freshToken', () => {
      given.push(sign({ sub: 'reader-7', name, badge, jti: `${given.length}` }));
      return given.at(-1);
    });
    const sent: unknown[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/v1/sites/members/comments'))
        sent.push(request.postDataJSON().author);
    });
    // Before the widget's script is there.
    const body = `<gatehouse-comments site="members"></gatehouse-comments>
<script>${ELEMENT}.identity = () => freshToken();</script>
<script src="${world.service.url}/embed.js" async></script>`;
    await page.goto(world.publish('/members', 'members', { body }));
    await page.waitForSelector('#respond');
    expect(await page.locator('#respond .author').textContent()).toBe(`✓ ${name}`);
    expect(await page.locator(FIELDS).count()).toBe(0);
    for (const [index, text] of ['The first one', 'Another one'].entries()) {
      await page.fill('#respond textarea', text);
      await page.click('#respond button[part~=submit]');
      const item = page.locator('.thread > ol > li').nth(index);
      await item.waitFor();
      expect(await item.locator('.author').textContent()).toBe(`${name} ${badge}`);
      expect(await item.locator('.author :is(b, img)').count()).toBe(0);
    }
    expect(given).toHaveLength(3);
    expect(sent).toEqual([{ identity: given[1] }, { identity: given[2] }]);
    expect(await page.evaluate("localStorage.getItem('gatehouse:me')")).toBeNull();
    await page.fill('#respond textarea', 'Not sent yet');
    await page.evaluate(`void (${ELEMENT}.identity = null)`);
    await page.waitForSelector('#respond input[autocomplete=name]');
    expect(await page.inputValue('#respond textarea')).toBe('Not sent yet');
    expect(troubles).toEqual([]);
    await context.close();
  },
  30_000,
);

inBrowser(
  'where one has to sign in, a sentence stands in place of each form, until there is a token that is right',
  async () => {
    await world.site('private', { policy: { moderation: 'none' } });
    const sign = await tokenSigner(world.api, 'private');
    const path = '/v1/admin/sites/private';
    await world.api.asAdmin({ method: 'PATCH', path, body: { policy: { identity: 'required' } } });
    const reader = { sub: 'reader-8', name: 'Navid' };
    const { comment } = await world.api.posted('private', {
      page: { url: `${world.origin}/private` },
      author: { identity: sign(reader) },
      body: 'Root',
    });
    const { page, context } = await world.open(world.publish('/private', 'private'));
    await page.waitForSelector(`section > div > p:has-text("${SENTENCE}")`);
    expect(await page.locator(`#comment-${comment.id} .badge`).textContent()).toBe('✓');
    await page.click('button:has-text("Reply")');
    expect(await page.locator('.place').textContent()).toBe(SENTENCE);
    expect(await page.locator('form').count()).toBe(0);

    await page.goto(world.publish('/private', 'private', { data: { identity: sign(reader) } }));
    await page.waitForSelector('#respond .author:has-text("Navid")');
    await page.evaluate(`${ELEMENT}.setAttribute('identity', '${sign({ ...reader, aud: 'members' })}')`);
    await page.fill('#respond textarea', 'With another site’s token');
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector(`#respond [role=alert]:has-text("${SENTENCE}")`);
    await page.evaluate(`${ELEMENT}.setAttribute('identity', '${sign(reader)}')`);
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector('.thread > ol > li:nth-child(2)');
    await page.evaluate(`${ELEMENT}.removeAttribute('identity')`);
    await page.waitForSelector(`section > div > p:has-text("${SENTENCE}")`);
    await context.close();
  },
);

inBrowser(
  'a function that fails is asked again: by a button where one has to sign in, and at sending, with what was written',
  async () => {
    await world.site('shaky', { policy: { moderation: 'none' } });
    const sign = await tokenSigner(world.api, 'shaky');
    const path = '/v1/admin/sites/shaky';
    await world.api.asAdmin({ method: 'PATCH', path, body: { policy: { identity: 'required' } } });
    const { page, context, troubles } = await world.open('about:blank');
    let isAway = true;
    await page.exposeFunction('freshToken', () => {
      if (isAway) throw new Error('the publisher is away');
      return sign({ sub: 'reader-9', name: 'Mina' });
    });
    const body = `<gatehouse-comments site="shaky"></gatehouse-comments>
<script>${ELEMENT}.identity = () => freshToken();</script>
<script src="${world.service.url}/embed.js" async></script>`;
    await page.goto(world.publish('/shaky', 'shaky', { body }));
    const failed = 'That did not load.';
    await page.waitForSelector(`section [role=alert]:has-text("${failed}")`);
    expect(await page.locator(`text=${SENTENCE}`).count()).toBe(0);
    isAway = false;
    await page.click('section [role=alert] button');
    await page.waitForSelector('#respond .author:has-text("Mina")');

    isAway = true;
    await page.fill('#respond textarea', 'Written with care');
    await page.click('#respond button[part~=submit]');
    await page.waitForSelector(`#respond [role=alert]:has-text("${failed}")`);
    expect(await page.inputValue('#respond textarea')).toBe('Written with care');
    isAway = false;
    await page.click('#respond [role=alert] button');
    await page.waitForSelector('li[id^=comment-] .body:has-text("Written with care")');
    expect(await page.inputValue('#respond textarea')).toBe('');
    expect(troubles).toEqual([]);
    await context.close();
  },
  30_000,
);

inBrowser(
  'where nobody has to sign in, a function that fails leaves the form to guests until the reader is back in the tab',
  async () => {
    await world.site('open', { policy: { moderation: 'none' } });
    const sign = await tokenSigner(world.api, 'open');
    const { page, context } = await world.open('about:blank');
    const answers = [() => Promise.reject(new Error('away')), () => sign({ sub: 'reader-1', name: 'Mina' })];
    await page.exposeFunction('freshToken', () => answers.shift()?.());
    const body = `<gatehouse-comments site="open"></gatehouse-comments>
<script>${ELEMENT}.identity = () => freshToken();</script>
<script src="${world.service.url}/embed.js" async></script>`;
    await page.goto(world.publish('/open', 'open', { body }));
    await page.waitForSelector('#respond input[autocomplete=name]');
    await page.fill('#respond textarea', 'Not sent yet');
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.waitForSelector('#respond .author:has-text("Mina")');
    expect(await page.inputValue('#respond textarea')).toBe('Not sent yet');
    await context.close();
  },
  30_000,
);

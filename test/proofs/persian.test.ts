import type { Api, Problem } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { faultsOfPage, readHtml } from '../support/html-check.ts';
import { readForm } from '../support/html-form.ts';
import type { Answer } from '../support/http-client.ts';
import { expectJson } from '../support/http-client.ts';

/** A Persian site from end to end, as a WordPress theme's form and a reader's browser meet it. */
const SITE = 'khabar';
const HOST = `https://${SITE}.example`;

let installation: Installation;
let api: Api;

beforeAll(async () => {
  installation = createInstallation();
  api = createApi(await installation.start());
  await api.createSite(SITE, { name: 'خبر', locale: 'fa-IR', timeZone: 'Asia/Tehran' });
});

afterAll(() => installation.dispose());

const sendForm = (
  fields: Record<string, string> | URLSearchParams,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  api.send({
    method: 'POST',
    path: `/v1/sites/${SITE}/form`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: HOST, ...headers },
    body: new URLSearchParams(fields).toString(),
  });

const typed = {
  author: 'زهرا نیک‌بخت',
  email: 'zahra@khanandeh.example',
  url: 'zahra.example',
  comment: 'می‌خواهم بگویم: عالی بود',
};

/** Where the form leads, its comment's id, and whether it waits. */
function landing(answer: Answer): { page: string; id: string; waits: boolean } {
  expect({ status: answer.status, text: answer.status === 303 ? '' : answer.text }).toEqual({
    status: 303,
    text: '',
  });
  const url = new URL(answer.headers.location ?? '');
  const id = url.hash.replace(/^#comment-/, '');
  const waits = url.searchParams.get('unapproved');
  if (waits !== null) expect(waits).toBe(id);
  url.hash = '';
  url.searchParams.delete('unapproved');
  return { page: url.href, id, waits: waits !== null };
}

test('a theme’s form is answered with 303 to the page, the held comment named in query and fragment', async () => {
  const page = `${HOST}/خبر/یک`;
  const answer = await sendForm({
    ...typed,
    page,
    page_title: 'یک خبر',
    comment_post_ID: '17',
    comment_parent: '0',
    submit: 'فرستادن',
  });
  const { page: back, id, waits } = landing(answer);
  expect({ back: decodeURI(back), waits }).toEqual({ back: page, waits: true });
  const comment = await api.detail(id);
  expect(comment).toMatchObject({
    status: 'pending',
    author: { name: typed.author, url: 'https://zahra.example' },
    body: { text: typed.comment },
    page: { id: 'wp-17', title: 'یک خبر' },
    emailMasked: 'z...@khanandeh.example',
  });
});

test('the page is known by its post’s number alone afterwards, and by its address', async () => {
  const { id } = landing(
    await sendForm({ ...typed, comment: 'بدون نشانی صفحه', comment_post_ID: '17', comment_parent: '' }),
  );
  const { page } = await api.detail(id);
  expect({ id: page.id, url: decodeURI(page.url ?? '') }).toEqual({ id: 'wp-17', url: `${HOST}/خبر/یک` });
});

test('a form that names no page is taken for the page it was sent from', async () => {
  const referer = `${HOST}/%D8%AF%D9%88`;
  const { page } = landing(await sendForm({ ...typed, comment: 'از روی ارجاع' }, { Referer: referer }));
  expect(page).toBe(referer);
});

test('a duplicate leads to the first, as one that waits', async () => {
  const fields = { ...typed, comment: 'دوباره', page: `${HOST}/سه` };
  const first = landing(await sendForm(fields));
  expect(landing(await sendForm(fields))).toEqual(first);
});

test('an approved comment is what its duplicate leads to, without a word of waiting', async () => {
  const fields = { ...typed, comment: 'پذیرفته', page: `${HOST}/سه` };
  const { id } = landing(await sendForm(fields));
  expectJson(await api.decide(id, { action: 'approve' }), 200);
  expect(landing(await sendForm(fields))).toMatchObject({ id, waits: false });
});

describe('a form with mistakes', () => {
  const fields = { ...typed, author: '', email: 'zahra at example', comment: '  ', page: `${HOST}/چهار` };

  test('comes back as a Persian page from right to left, status 422, that runs nothing', async () => {
    const answer = await sendForm(fields, { 'Accept-Language': 'fa' });
    expect(answer).toMatchObject({
      status: 422,
      headers: {
        'content-type': expect.stringMatching(/^text\/html/),
        'cache-control': expect.stringContaining('no-store'),
      },
    });
    const { elements } = readHtml(answer.text);
    expect(elements.find(({ name }) => name === 'html')?.attributes).toMatchObject({
      lang: expect.stringMatching(/^fa/),
      dir: 'rtl',
    });
    expect(faultsOfPage(answer.text)).toEqual([]);
  });

  test('keeps what was typed, escaped, whatever it was', async () => {
    const hostile = {
      author: '"><script>alert(1)</script>',
      url: 'javascript:alert(1)',
      comment: '</textarea><script>alert(2)</script>&amp;',
    };
    const answer = await sendForm({ ...fields, ...hostile, email: '' });
    expect(answer.status).toBe(422);
    expect(faultsOfPage(answer.text)).toEqual([]);
    const { fields: kept } = readForm(answer.text, 'commentform');
    expect({ author: kept.get('author'), url: kept.get('url'), comment: kept.get('comment') }).toEqual(
      hostile,
    );
  });

  test('can be mended and sent again as the page has it, without typing the address again', async () => {
    const broken = await sendForm({
      ...typed,
      author: '',
      comment: 'درست شد',
      page: `${HOST}/پنج`,
      page_title: 'پنج',
    });
    expect(broken.status).toBe(422);
    expect(broken.text).not.toContain(typed.email);
    const { action, method, fields: kept } = readForm(broken.text, 'commentform');
    kept.set('author', typed.author);
    expect({ method, path: action.replace(/^https?:\/\/[^/]+/, '') }).toEqual({
      method: 'POST',
      path: `/v1/sites/${SITE}/form`,
    });
    const { id } = landing(await sendForm(kept));
    expect(await api.detail(id)).toMatchObject({
      author: { name: typed.author },
      body: { text: 'درست شد' },
      page: { title: 'پنج' },
      emailMasked: 'z...@khanandeh.example',
    });
  });
});

test('a reply by the form stands below its parent', async () => {
  const page = `${HOST}/شش`;
  const { id: parent } = landing(await sendForm({ ...typed, comment: 'بالا', page }));
  expectJson(await api.decide(parent, { action: 'approve' }), 200);
  const { id } = landing(await sendForm({ ...typed, comment: 'پایین', page, comment_parent: parent }));
  expectJson(await api.decide(id, { action: 'approve' }), 200);
  const { comments } = await api.list(SITE, { page, format: 'tree' });
  expect(comments.map((root) => [root.id, root.replies?.map((reply) => reply.id)])).toEqual([[parent, [id]]]);
});

test.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x'])(
  'a form of type %s is refused with 415',
  async (type) => {
    expect((await sendForm(typed, { 'Content-Type': type })).status).toBe(415);
  },
);

test('%d8%ae, %D8%AE and خ are one page, listed, counted and written under any of them', async () => {
  const forms = [
    `${HOST}/%d8%ae/`,
    `${HOST}/%D8%AE`,
    `${HOST}/خ`,
    `http://${SITE}.example:80/x/../%d8%AE?utm_source=t#x`,
  ];
  for (const [index, url] of forms.entries()) {
    const author = { name: 'سارا', email: `sara${index}@khanandeh.example` };
    const { comment } = await api.posted(SITE, { page: { url }, author, body: `از نشانی ${index}` });
    expectJson(await api.decide(comment.id, { action: 'approve' }), 200);
  }
  const listed = await Promise.all(forms.map((page) => api.list(SITE, { page })));
  expect(new Set(listed.map(({ comments }) => comments.map(({ id }) => id).join())).size).toBe(1);
  expect(listed.map(({ total }) => total)).toEqual(forms.map(() => forms.length));
  expect(new Set(listed.map(({ comments }) => comments[0]?.page.url))).toEqual(new Set([`${HOST}/%D8%AE`]));
  const counts = await api.send({ method: 'POST', path: `/v1/sites/${SITE}/counts`, body: { pages: forms } });
  expect(expectJson(counts, 200)).toEqual({ counts: forms.map((page) => ({ page, count: forms.length })) });
});

test('a name of 100 Persian letters is taken, of 101 refused, however many bytes they are', async () => {
  const post = (name: string) =>
    api.post(SITE, {
      page: { url: `${HOST}/نام` },
      author: { name, email: 'nam@khanandeh.example' },
      body: `نام ${name.length}`,
    });
  const { comment } = expectJson<{ comment: { author: { name: string } } }>(await post('ژ'.repeat(100)), 201);
  expect(comment.author.name).toBe('ژ'.repeat(100));
  const { errors } = expectJson<Problem>(await post('ژ'.repeat(101)), 422);
  expect(errors).toEqual([
    { pointer: '/author/name', code: 'too-long', detail: expect.stringMatching(/\p{Script=Arabic}/u) },
  ]);
});

test('a half-space is kept between letters in name, title and text, and shown in each', async () => {
  const words = { name: 'علی‌رضا', title: 'خانه‌ها', body: 'می‌روم به خانه‌مان' };
  const page = `${HOST}/نیم‌فاصله`;
  const { comment } = await api.posted(SITE, {
    page: { url: page, title: words.title },
    author: { name: words.name, email: 'alireza@khanandeh.example' },
    body: `‌${words.body}‌`,
  });
  expect(comment).toMatchObject({
    author: { name: words.name },
    page: { title: words.title },
    body: { text: words.body },
  });
  expectJson(await api.decide(comment.id, { action: 'approve' }), 200);
  const thread = await api.send({ path: `/v1/sites/${SITE}/thread?page=${encodeURIComponent(page)}` });
  const { text } = readHtml(thread.text);
  for (const word of Object.values(words)) expect(text).toContain(word);
});

test('problems are told in Persian on a Persian site, in the language asked for otherwise', async () => {
  const post = (language: Record<string, string>) =>
    api.post(SITE, { page: { url: `${HOST}/x` }, body: 'x' }, language);
  const plain = await post({});
  expect(plain.headers['content-language']).toMatch(/^fa/);
  expect(expectJson<Problem>(plain, 422).detail).toMatch(/\p{Script=Arabic}/u);
  const english = await post({ 'Accept-Language': 'en-GB,en;q=0.8' });
  expect(english.headers['content-language']).toMatch(/^en/);
  expect(expectJson<Problem>(english, 422).errors?.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
    '/author/name required',
    '/author/email required',
  ]);
});

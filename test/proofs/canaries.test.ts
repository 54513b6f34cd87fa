import type { Decided, Posted } from '../support/api-client.ts';
import { launch } from '../support/built-service.ts';
import { distinct, findNeedles, needlesOf, spellingsOf } from '../support/canaries.ts';
import { CANARIES, CLIENT_SPELLINGS, ownAddressSpellings } from '../support/canary-birds.ts';
import { claimsWith, headersWith, pathsWith, wrongComments } from '../support/canary-doors.ts';
import type { CanaryRun } from '../support/canary-run.ts';
import { commentBy, describeRequest, HELD, OPEN, startCanaryRun } from '../support/canary-run.ts';
import { readForm } from '../support/html-form.ts';
import type { Answer } from '../support/http-client.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';
import { tokenSigner } from '../support/identity.ts';
import { inParallel } from '../support/in-parallel.ts';
import { storedBytes } from '../support/stored-bytes.ts';
import { until } from '../support/until.ts';

/**
 * E-mail addresses and client addresses go in by every door there is, spelled in every way; then every byte
 * that came out, and every byte that is stored, is searched for them.
 */
const WIDTH = 16;
/** Past some more in an hour they are summed up. */
const MAILS = 5;

let run: CanaryRun;

beforeAll(async () => {
  run = await startCanaryRun();
});

afterAll(async () => {
  await run.installation.dispose();
  await run.mailbox.stop();
});

describe('an address goes in', () => {
  test.each(CANARIES)('as the e-mail of a comment: %s', async (address) => {
    for (const site of [HELD, OPEN]) {
      const answer = await run.postTo(site, commentBy(address), {
        'Idempotency-Key': `key-of-${run.requests()}`,
      });
      expect(answer.status).toBe(201);
    }
  });

  test.each(CANARIES)(
    'in name, text and title of its own comment, in every spelling: %s',
    async (address) => {
      for (const spelled of ownAddressSpellings(address)) {
        for (const site of [HELD, OPEN]) {
          const page = {
            url: `https://${HELD}.example/${run.requests()}`,
            title: `About ${spelled} and more`,
          };
          const author = {
            name: [...`Me, ${spelled} himself`].length > 100 ? 'Me' : `Me, ${spelled} himself`,
          };
          const answer = await run.postTo(
            site,
            commentBy(address, { page, author, body: `Write to ${spelled}, please` }),
          );
          const { comment } = expectJson<Posted>(answer, 201);
          expect({ site, status: comment.status }).toEqual({ site, status: 'pending' });
          expectJson<Decided>(await run.api.decide(comment.id, { action: 'approve' }), 200);
        }
      }
    },
  );

  test.each(CANARIES)('in every claim of a signed-in reader’s token: %s', async (address) => {
    const sign = await tokenSigner(run.api, OPEN);
    for (const [claims, status] of claimsWith(address)) {
      const answer = await run.postTo(OPEN, commentBy(address, { author: { identity: sign(claims) } }));
      expect({ claims: Object.keys(claims), status: answer.status }).toEqual({
        claims: Object.keys(claims),
        status,
      });
    }
    const erase = { email: `nobody-${address}`, mode: 'delete' };
    const erased = await run.api.asAdmin({ method: 'POST', path: '/v1/admin/privacy/erase', body: erase });
    expect(jsonOf<{ comments: number }>(erased).comments).toBe(0);
  });

  test.each(CANARIES)('as name, url, page address and page id, which are refused: %s', async (address) => {
    const encoded = encodeURIComponent(address);
    const page = { url: `https://${HELD}.example/page` };
    const tries = [
      { author: { name: address } },
      { author: { url: `https://readers.example/?me=${encoded}` } },
      { author: { url: `mailto:${address}` } },
      { page: { url: `https://${HELD}.example/?e=${encoded}` } },
      { page: { ...page, id: address } },
      { page: { url: address } },
    ];
    for (const change of tries) expect((await run.postTo(HELD, commentBy(address, change))).status).toBe(422);
  });

  test.each(CANARIES)('in what is malformed, mistyped, too long or unknown: %s', async (address) => {
    for (const [body, status] of wrongComments(address)) {
      const answer = await run.postTo(HELD, body, { 'Content-Type': 'application/json' });
      expect({ body: JSON.stringify(body).slice(0, 80), status: answer.status }).toEqual({
        body: JSON.stringify(body).slice(0, 80),
        status,
      });
    }
    const typed = await run.postTo(HELD, JSON.stringify(commentBy(address)), {
      'Content-Type': `text/plain; a="${encodeURIComponent(address)}"`,
    });
    expect(typed.status).toBe(415);
    const unknown = commentBy(address, { [address]: address, author: { [address]: address } });
    expect((await run.postTo(HELD, unknown)).status).toBe(201);
  });

  test.each(CANARIES)('in paths and query strings: %s', async (address) => {
    for (const path of pathsWith(address)) {
      for (const method of ['GET', 'DELETE', 'OPTIONS']) await run.send({ method, path });
      await run.api.asAdmin({ path, headers: run.fromClient() });
    }
  });

  test.each(CANARIES)('in a look-up; its author is listed, judged and audited: %s', async (address) => {
    const authors = '/v1/moderation/authors';
    const lookUp = (email: string) =>
      run.api.asAdmin({ method: 'POST', path: `${authors}/lookup`, body: { site: HELD, email } });
    const { key, emailMasked } = expectJson<{ key: string; emailMasked: string }>(await lookUp(address), 200);
    expect(emailMasked).toMatch(/^.\.\.\.@/);
    for (const body of [{ standing: 'held' }, { standing: address }, { standing: null, existing: 'keep' }])
      await run.api.asAdmin({ method: 'PATCH', path: `${authors}/${key}`, body });
    for (const sort of ['recent', 'comments', 'rejected'])
      await run.api.asAdmin({ path: `${authors}?sort=${sort}` });
    for (const path of [`${authors}/${key}`, '/v1/moderation/audit', `/v1/admin/sites/${HELD}/pages`])
      expect((await run.api.asAdmin({ path })).status).toBe(200);
    expect((await lookUp(`nobody-${address}`)).status).toBe(404);
    expect((await lookUp(`${address} and more`)).status).toBe(422);
  });

  test.each(CANARIES)('in headers: %s', async (address) => {
    const page = encodeURIComponent(`https://${HELD}.example/page`);
    for (const headers of headersWith(address)) {
      await run.send({ path: `/v1/sites/${HELD}/comments?page=${page}`, headers });
      await run.postTo(HELD, commentBy(address), headers);
      await run.send({ path: '/nowhere', headers });
    }
  });

  test.each(CANARIES)('in the words of a match, a bulk decision and a claim: %s', async (address) => {
    const match = { site: HELD, status: 'pending', until: '2020-01-01T00:00:00Z' };
    const decision = { action: 'spam', limit: 10 };
    for (const [method, path, body, due] of [
      ['POST', 'decisions', { ...decision, match: { ...match, q: address } }, 200],
      ['POST', 'decisions', { ...decision, match: { ...match, author: address, page: address } }, 200],
      ['POST', 'decisions', { ...decision, match: { ...match, site: address } }, 404],
      ['POST', 'decisions', { ...decision, match, reason: address }, 422],
      ['POST', 'claims', { limit: 1, q: address, phase: address }, 200],
      ['POST', 'claims', { limit: 1, site: address }, 404],
      ['DELETE', `claims?id=${encodeURIComponent(address)}`, undefined, 204],
      ['POST', `batches/${encodeURIComponent(address)}/undo`, undefined, 404],
    ] as const) {
      const answer = await run.api.asAdmin({ method, path: `/v1/moderation/${path}`, body });
      expect([path, answer.status]).toEqual([path, due]);
    }
  });

  test.each(CANARIES)(
    'by the form, taken, refused and sent again as the refusal has it: %s',
    async (address) => {
      const page = `https://${HELD}.example/form`;
      const taken = await run.sendForm({
        page,
        author: 'A reader',
        email: address,
        comment: `Said ${run.requests()}`,
      });
      expect(taken.status).toBe(303);
      for (const spelled of ownAddressSpellings(address)) {
        const own = {
          author: `I am ${spelled}`,
          comment: `Write to ${spelled}`,
          url: spelled,
          page_title: spelled,
        };
        const refused = await run.sendForm({ page, email: address, ...own });
        expect(refused.status).toBe(422);
        const { fields } = readForm(refused.text, 'commentform');
        fields.set('url', '');
        // A name with an address in it is not shown again, not even masked.
        fields.set('author', 'A reader');
        expect({ spelled, status: (await run.sendForm(fields)).status }).toEqual({ spelled, status: 303 });
      }
      const empty = await run.sendForm({ page, author: '', email: address, comment: '' });
      expect(empty.status).toBe(422);
      await run.sendForm({
        page: `https://elsewhere.example/?e=${encodeURIComponent(address)}`,
        email: address,
        comment: 'x',
        author: 'x',
      });
      await run.sendForm({ page, author: address, email: address, comment: address });
      await run.sendForm({
        page,
        comment_parent: address,
        comment_post_ID: address,
        email: address,
        author: 'x',
        comment: 'y',
      });
    },
  );

  test.each(CANARIES)('by an edit of its own comment: %s', async (address) => {
    const { comment, editToken } = expectJson<Posted>(await run.postTo(OPEN, commentBy(address)), 201);
    const headers = { Authorization: `Bearer ${editToken}` };
    for (const spelled of ownAddressSpellings(address)) {
      const answer = await run.send({
        method: 'PATCH',
        path: `/v1/comments/${comment.id}`,
        headers,
        body: { body: `Now ${spelled} it is` },
      });
      expect(answer.status).toBe(200);
    }
    await run.send({ path: `/v1/comments/${comment.id}`, headers });
    await run.send({
      method: 'PATCH',
      path: `/v1/comments/${comment.id}`,
      headers,
      body: { body: [address] },
    });
    expectJson<Decided>(await run.api.decide(comment.id, { action: 'approve' }), 200);
  });
});

describe('moderators act on what has an address', () => {
  test.each(CANARIES)('it goes into reports, edits and replies, in every spelling: %s', async (address) => {
    const { comment } = expectJson<Posted>(await run.postTo(OPEN, commentBy(address)), 201);
    const at = `/v1/moderation/comments/${comment.id}`;
    let version = 1;
    for (const [i, spelled] of ownAddressSpellings(address).entries()) {
      const report = await run.send({
        method: 'POST',
        path: `/v1/comments/${comment.id}/reports`,
        headers: { 'Gatehouse-Reader': `a-reader-of-canaries-${i}` },
        body: { reason: 'abuse', note: `It is ${spelled}, I know him` },
      });
      expect(report.status).toBe(202);
      const revised = await run.api.asAdmin({
        method: 'PATCH',
        path: at,
        body: { body: `Edited: ${spelled}`, author: { name: `He, ${spelled}`.slice(0, 100) }, version },
      });
      // A name that is an address, spelled so that it was cut in the middle, may be refused.
      if (revised.status === 200) version += 1;
      const refused = {
        author: { url: `https://readers.example/?me=${encodeURIComponent(address)}` },
        version,
      };
      expect((await run.api.asAdmin({ method: 'PATCH', path: at, body: refused })).status).toBe(422);
      const body = { body: `We wrote to ${spelled} (${i})` };
      const reply = await run.api.asAdmin({ method: 'POST', path: `${at}/replies`, body });
      expect(reply.status).toBe(201);
    }
    await run.api.asAdmin({ method: 'POST', path: `${at}/highlight`, body: { pinned: true } });
    const refused = { reason: address, note: [address] };
    await run.send({ method: 'POST', path: `/v1/comments/${comment.id}/reports`, body: refused });
  });

  test.each(CANARIES)('only the reveal tells it, to the one who asked: %s', async (address) => {
    const { comment } = expectJson<Posted>(await run.postTo(HELD, commentBy(address)), 201);
    const before = run.outlets.length;
    const path = `/v1/moderation/comments/${comment.id}/email`;
    const answer = await run.api.asAdmin({ method: 'POST', path });
    expect(expectJson<{ email: string }>(answer, 200).email.normalize('NFC')).toBe(address.normalize('NFC'));
    expect(answer.headers['cache-control']).toBe('no-store');
    // What it was asked for and told is taken out of the outlets: everything else is searched.
    const told = run.outlets.splice(before);
    expect(told.map(({ from }) => from)).toEqual([expect.stringContaining(`POST ${path}`)]);
    for (const method of ['GET', 'HEAD']) await run.api.asAdmin({ method, path });
  });
});

describe('afterwards', () => {
  test('moderators recognise each author by the masked address, readers see none', async () => {
    const items = await run.api.walkQueue({ site: HELD, status: 'all' });
    const masked = new Set(items.map(({ emailMasked }) => emailMasked));
    const due = CANARIES.map((address) => `${[...address][0]}...${address.slice(address.lastIndexOf('@'))}`);
    expect([...masked]).toEqual(expect.arrayContaining(due));
    const publicly = run.answers.filter(({ sent }) => sent.headers?.Authorization === undefined);
    expect(publicly.length).toBeGreaterThan(100);
    expect(
      publicly
        .filter(({ answer }) => answer.text.includes('emailMasked') && answer.status !== 404)
        .map(({ sent }) => sent.path),
    ).toEqual(
      // The published description names the member, and no value of it.
      publicly
        .filter(({ sent }) => sent.path === '/openapi.json' || sent.path === '/docs')
        .map(({ sent }) => sent.path),
    );
  });

  test('every page and list that shows anything of it is read', async () => {
    for (const site of [HELD, OPEN]) {
      const items = await run.api.walkQueue({ site, status: 'all' });
      await inParallel(items, WIDTH, async ({ id }) => {
        await run.api.detail(id);
        await run.send({ path: `/v1/comments/${id}` });
        await run.send({ path: `/v1/comments/${id}/replies` });
      });
      const claim = {
        method: 'POST',
        path: '/v1/moderation/claims',
        body: { site, limit: 100, status: 'all' },
      };
      expectJson(await run.api.asAdmin(claim), 200);
      expectJson(await run.api.asAdmin({ ...claim, method: 'PATCH', body: {} }), 200);
      const decided = { action: 'trash', items: items.slice(0, 20).map(({ id }) => ({ id, version: 1 })) };
      const bulk = { method: 'POST', path: '/v1/moderation/decisions', body: decided };
      const { batchId } = expectJson<{ batchId: string }>(await run.api.asAdmin(bulk), 200);
      const undo = { method: 'POST', path: `/v1/moderation/batches/${batchId}/undo` };
      expectJson(await run.api.asAdmin(undo), 200);
      await run.api.counts(site);
      await run.api.walkQueue({ site, status: 'reported' });
      for (let cursor = ''; ; ) {
        const path = `/v1/moderation/audit?site=${site}&limit=200${cursor && `&cursor=${cursor}`}`;
        const { nextCursor } = expectJson<{ nextCursor: string | null }>(
          await run.api.asAdmin({ path }),
          200,
        );
        if (nextCursor === null) break;
        cursor = nextCursor;
      }
      expect((await run.api.asAdmin({ path: `/v1/moderation/stats?site=${site}&days=3` })).status).toBe(200);
      for (const path of [
        `/v1/sites/${site}`,
        `/v1/admin/sites/${site}`,
        `/v1/admin/sites/${site}/pages/aliases`,
      ]) {
        await run.api.asAdmin({ path });
        await run.send({ path });
      }
      const pages = new Set(items.map(({ page }) => page.url).filter((url) => url !== null));
      await inParallel([...pages], WIDTH, async (url) => {
        const page = encodeURIComponent(url);
        for (const format of ['tree', 'flat', 'html'])
          await run.send({ path: `/v1/sites/${site}/comments?page=${page}&format=${format}` });
        await run.send({ path: `/v1/sites/${site}/thread?page=${page}` });
        await run.send({ path: `/v1/sites/${site}/counts?page=${page}` });
      });
    }
    for (const path of [
      '/',
      '/?lang=fa',
      '/healthz',
      '/readyz',
      '/metrics',
      '/openapi.json',
      '/docs',
      '/docs/errors',
      '/v1/admin/tokens',
      '/v1/admin/sites',
      '/v1/moderation/audit',
      '/v1/moderation/audit?action=reveal',
      '/v1/moderation/stats',
    ]) {
      await run.send({ path });
      await run.api.asAdmin({ path });
    }
    expect(
      run.answers.filter(({ answer }) => answer.status >= 500).map(({ sent }) => describeRequest(sent)),
    ).toEqual([]);
  });

  test('exports without readable addresses are written, with a standing of each site among them', async () => {
    for (const site of [HELD, OPEN]) {
      const authors = await run.api.asAdmin({ path: `/v1/moderation/authors?site=${site}` });
      const [author] = jsonOf<{ items: { key: string }[] }>(authors).items;
      const path = `/v1/moderation/authors/${author?.key}`;
      const judged = await run.api.asAdmin({ method: 'PATCH', path, body: { standing: 'held' } });
      expect(judged.status).toBe(200);
      for (const format of ['generic', 'wordpress']) {
        const args = ['export', '--site', site, '--format', format];
        const { stdout, stderr, ended } = launch(args, run.installation.env);
        expect((await ended).code).toBe(0);
        if (format === 'generic') {
          expect(stdout()).toContain('"type":"author","sealed":');
          if (site === OPEN) expect(stdout()).toContain('"verified":true');
        }
        run.outlets.push({ from: `the ${format} export`, bytes: Buffer.from(stdout() + stderr()) });
      }
    }
  });

  test('no address came out or is stored, neither plain nor escaped nor as a hash anyone could compute', async () => {
    await until('mail about what waits', () => run.mailbox.mails.length >= MAILS);
    const running = await storedBytes(run.installation);
    await run.service.stop();
    const stopped = await storedBytes(run.installation);
    const log = [
      { from: 'standard output', bytes: Buffer.from(run.service.stdout()) },
      { from: 'standard error', bytes: Buffer.from(run.service.stderr()) },
    ];
    const live = { from: 'the live stream', bytes: Buffer.from(run.live.raw()) };
    expect(run.live.events.filter(({ event }) => event === 'comment').length).toBeGreaterThan(
      CANARIES.length,
    );
    const mails = run.mailbox.mails.map(({ raw, text = '', html = '', headers }) => ({
      from: 'a mail to a moderator',
      bytes: Buffer.from([raw, text, html, JSON.stringify(headers)].join('\n')),
    }));
    const all = [...run.outlets, live, ...log, ...mails, ...running, ...stopped];
    const secrets = CANARIES.flatMap((address) => [
      ...spellingsOf(address),
      address.slice(0, address.lastIndexOf('@')),
    ]);
    const needles = distinct([...new Set([...secrets, ...CLIENT_SPELLINGS])].flatMap(needlesOf));
    expect(findNeedles(all, needles).slice(0, 20)).toEqual([]);
  });

  test('the search would have found what is there: the comments’ own words are in answers and store', async () => {
    const words = needlesOf('A comment').slice(0, 1);
    const found = findNeedles([...run.outlets, ...(await storedBytes(run.installation))], words);
    expect(found.some((line) => line.includes('answer to'))).toBe(true);
    expect(found.some((line) => /in (?:file|collection) /.test(line))).toBe(true);
    expect(run.service.logs().some(({ msg }) => msg === 'listening')).toBe(true);
    expect(run.answers.some(({ answer }) => jsonStatus(answer) === 422)).toBe(true);
  });
});

function jsonStatus(answer: Answer): number | null {
  return answer.headers['content-type']?.startsWith('application/problem+json')
    ? jsonOf<{ status: number }>(answer).status
    : null;
}

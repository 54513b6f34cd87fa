import { useFilters } from '../support/asked-filters.ts';
import type { Behaviour, MadeFilter } from '../support/filters.ts';
import { makeFilter, says, sendVerdict } from '../support/filters.ts';
import type { Answer } from '../support/service.ts';

/** Verdicts of a filter that answers 202 and is done before another has said its first word. */
const { service, listen, freshSite, post, admin, stored } = useFilters();

interface Asked {
  commentId: string;
  revision: number;
}

interface Scene {
  site: string;
  /** The one that answers 202. */
  quick: MadeFilter;
  /** Once it has been asked about that revision. */
  askedAbout(revision: number): Promise<Asked>;
  /** The other one answers no question about that revision before this. */
  finish(revision: number): void;
}

let made: MadeFilter[] = [];
afterEach(async () => {
  for (const { id } of made) await admin('DELETE', `/${id}`);
  made = [];
});

async function freshFilter(rest: object): Promise<MadeFilter> {
  const filter = await makeFilter(service(), { ...rest });
  made.push(filter);
  return filter;
}

/** What is waited for of each revision, whoever comes first. */
function gates<T>() {
  const all = new Map<number, { opened: Promise<T>; open(value: T): void }>();
  return (revision: number) => {
    const known = all.get(revision);
    if (known) return known;
    let open: (value: T) => void = () => undefined;
    const opened = new Promise<T>((resolve) => {
      open = resolve;
    });
    const gate = { opened, open };
    all.set(revision, gate);
    return gate;
  };
}

async function twoFilters(): Promise<Scene> {
  const site = await freshSite();
  const [asked, finished] = [gates<Asked>(), gates<void>()];
  const quickly: Behaviour = ({ json }, response) => {
    const about = json.data as unknown as Asked;
    response.writeHead(202).end(() => asked(about.revision).open(about));
  };
  const slowly: Behaviour = (heard, response) => {
    const { revision } = heard.json.data as unknown as Asked;
    void finished(revision).opened.then(() => says({ verdict: 'ham' })(heard, response));
  };
  const quick = await freshFilter({ url: (await listen(quickly)).url, sites: [site] });
  await freshFilter({ url: (await listen(slowly)).url, sites: [site], deadlineMs: 10_000 });
  return {
    site,
    quick,
    askedAbout: (revision) => asked(revision).opened,
    finish: (revision) => finished(revision).open(),
  };
}

/** Whether it has no answer once the comment was looked for again. */
async function isHeld(sent: Promise<Answer>): Promise<boolean> {
  let isAnswered = false;
  void sent.then(() => {
    isAnswered = true;
  });
  const find = jest.spyOn(service().deps.comments, 'find');
  while (!isAnswered && find.mock.calls.length < 2) await new Promise((resolve) => setImmediate(resolve));
  find.mockRestore();
  return !isAnswered;
}

it('one on a comment that another filter is still asked about counts once that is stored', async () => {
  const { site, quick, askedAbout, finish } = await twoFilters();
  const posted = post(site);
  const sent = sendVerdict(service(), quick, { ...(await askedAbout(1)), verdict: 'spam' });
  expect(await isHeld(sent)).toBe(true);
  finish(1);
  expect((await sent).json).toMatchObject({ applied: true, comment: { status: 'spam' } });
  expect(await stored(await posted)).toMatchObject({ status: 'spam', said: { outcome: 'spam' } });
});

it('one on an edit likewise', async () => {
  const { site, quick, askedAbout, finish } = await twoFilters();
  finish(1);
  const posted = await post(site);
  const { comment, editToken } = posted.json as { comment: { id: string }; editToken: string };
  const edited = service().call({
    method: 'PATCH',
    path: `/v1/comments/${comment.id}`,
    headers: { authorization: `Bearer ${editToken}` },
    body: { body: 'Buy this' },
  });
  const sent = sendVerdict(service(), quick, { ...(await askedAbout(2)), verdict: 'spam' });
  expect(await isHeld(sent)).toBe(true);
  finish(2);
  expect((await sent).json).toMatchObject({ applied: true, comment: { status: 'spam' } });
  expect((await edited).status).toBe(200);
  expect(await stored(posted)).toMatchObject({ status: 'spam', said: { outcome: 'spam' } });
});

it('one on a comment that never comes is told so, as soon as it can’t come any more', async () => {
  const quick = await freshFilter({ sites: ['*'], deadlineMs: 100 });
  const { ids, clock } = service().deps;
  const commentId = `${ids.next(clock.now())}${'0'.repeat(13)}`;
  const { status, json } = await sendVerdict(service(), quick, { commentId, verdict: 'spam' });
  expect([status, json]).toMatchObject([404, { code: 'comment-not-found' }]);
});

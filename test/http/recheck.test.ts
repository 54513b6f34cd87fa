import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** What becomes of a comment when a moderator has the rules look again. */

interface Shown {
  status: string;
  version: number;
  risk: number;
  decidedBy: unknown;
  screening: { phase: string; outcome: string; code: string | null }[];
}

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
  await makeSite(service.deps, 'held', { moderation: 'all' });
});
afterAll(() => service.stop());

const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = ADMIN) =>
  service.call({ method, path, headers, body });

async function posted(site: string, rest: Record<string, unknown> = {}) {
  const answer = await call('POST', `/v1/sites/${site}/comments`, commentBody(rest), {});
  return answer.json as { comment: { id: string }; editToken: string };
}

const recheck = (id: string) => call('POST', `/v1/moderation/comments/${id}/recheck`);
const decide = (id: string, action: string) =>
  call('POST', `/v1/moderation/comments/${id}/decisions`, { action });
const words = (site: string, hold: string[]) =>
  call('PUT', `/v1/admin/sites/${site}/wordlist`, { hold, reject: [] });
const shownIn = (json: unknown): Shown => (json as { comment: Shown }).comment;
const outcomeOf = ({ screening }: Shown, of: string) => screening.find(({ phase }) => phase === of)?.outcome;

describe('a recheck', () => {
  it('gives a status anew that a machine gave, by the rules as they are now', async () => {
    const { comment } = await posted('news', { body: 'about a gizmo' });
    await words('news', ['gizmo']);
    const answer = await recheck(comment.id);
    expect(answer.status).toBe(200);
    expect(shownIn(answer.json)).toMatchObject({ status: 'pending', version: 2, decidedBy: null });
    expect(outcomeOf(shownIn(answer.json), 'wordlist')).toBe('hold');
    await words('news', []);
    expect(shownIn((await recheck(comment.id)).json)).toMatchObject({ status: 'approved', version: 3 });
    const public_ = await call('GET', `/v1/comments/${comment.id}`, undefined, {});
    expect(public_.status).toBe(200);
  });

  it('leaves what a person gave, and shows what the rules say now', async () => {
    const { comment } = await posted('held', { body: 'about a widget' });
    await decide(comment.id, 'approve');
    await words('held', ['widget']);
    const again = shownIn((await recheck(comment.id)).json);
    expect(again).toMatchObject({ status: 'approved', version: 2, decidedBy: { name: 'root' } });
    expect(outcomeOf(again, 'wordlist')).toBe('hold');
    await words('held', []);
  });

  it('keeps what rules saw of the sending, which is stored nowhere', async () => {
    const { comment } = await posted('news', { website2: 'filled', body: 'a robot' });
    const again = shownIn((await recheck(comment.id)).json);
    expect([again.status, outcomeOf(again, 'trap')]).toEqual(['spam', 'spam']);
    const mailed = await posted('news', { body: 'write to mina@example.org please' });
    const held = shownIn((await recheck(mailed.comment.id)).json);
    expect([held.status, outcomeOf(held, 'own-email')]).toEqual(['pending', 'hold']);
  });

  it('stands in the history and in the audit', async () => {
    const { comment } = await posted('news');
    await recheck(comment.id);
    const detail = (await call('GET', `/v1/moderation/comments/${comment.id}`)).json as {
      history: { action: string; from: string; to: string }[];
    };
    expect(detail.history).toMatchObject([{ action: 'recheck', from: 'approved', to: 'approved' }]);
    const audit = (await call('GET', `/v1/moderation/audit?commentId=${comment.id}`)).json as {
      items: { action: string; by: { name: string } }[];
    };
    expect(audit.items).toMatchObject([{ action: 'recheck', by: { name: 'root' } }]);
  });

  it('leaves counts true and a decision to be undone', async () => {
    await makeSite(service.deps, 'counted');
    const { comment } = await posted('counted', { body: 'about a gadget' });
    await words('counted', ['gadget']);
    await recheck(comment.id);
    const counts = async () =>
      (await call('GET', '/v1/moderation/counts?site=counted')).json as Record<string, number>;
    expect(await counts()).toMatchObject({ pending: 1, approved: 0 });
    const { decisionId } = (await decide(comment.id, 'spam')).json as { decisionId: string };
    await recheck(comment.id);
    expect(await counts()).toMatchObject({ pending: 0, spam: 1 });
    expect((await call('POST', `/v1/moderation/decisions/${decisionId}/undo`)).status).toBe(200);
    expect(await counts()).toMatchObject({ pending: 1, spam: 0 });
  });

  it('of what its author took away is told so', async () => {
    const { comment, editToken } = await posted('news');
    await call('DELETE', `/v1/comments/${comment.id}`, undefined, { authorization: `Bearer ${editToken}` });
    const answer = await recheck(comment.id);
    expect([answer.status, (answer.json as { code: string }).code]).toEqual([409, 'comment-deleted']);
  });

  it('beside ten others and a decision, leaves the decision standing', async () => {
    const { comment } = await posted('held');
    const rechecks = [...Array(10).keys()].map(() => recheck(comment.id));
    const decided = decide(comment.id, 'approve');
    const answers = await Promise.all(rechecks);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await decided).status).toBe(200);
    expect((await service.deps.comments.find(comment.id))?.status).toBe('approved');
  });
});

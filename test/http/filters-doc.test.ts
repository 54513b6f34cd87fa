import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useFilters } from '../support/asked-filters.ts';
import { makeFilter, says, sendVerdict, startErrands } from '../support/filters.ts';
import { ADMIN } from '../support/service.ts';
import { until } from '../support/until.ts';

/** What docs/filters.md shows of the messages is what is sent and taken. */
const { service, listen, freshSite, post } = useFilters();

const PAGE = readFileSync(join(__dirname, '../../docs/filters.md'), 'utf8');
const [check, verdict, decided] = [...PAGE.matchAll(/^```json\n(.*?)^```$/gms)].map(
  ([, text]) => JSON.parse(text ?? '') as object,
);

/** The names of all members, with the kind of what they hold; what may be null has been filled in by the test. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]));
}

const idOf = ({ json }: { json: unknown }): string => (json as { comment: { id: string } }).comment.id;

test('the question, a verdict and what people decided have the shapes that the page shows', async () => {
  const server = await listen(says({ verdict: 'ham', score: 0.2 }));
  const site = await freshSite({ moderation: 'none' });
  const filter = await makeFilter(service(), { url: server.url, sites: [site] });
  const runner = startErrands(service().deps);
  try {
    const parentId = idOf(await post(site));
    const id = idOf(await post(site, { parentId, elapsedMs: 41_000, body: 'Another word' }));
    const asked = server.heard.find(({ json }) => json.data.commentId === id);
    expect(shapeOf(asked?.json)).toEqual(shapeOf(check));

    const path = `/v1/moderation/comments/${id}/decisions`;
    await service().call({ method: 'POST', path, headers: ADMIN, body: { action: 'spam' } });
    const told = await until('the decision', () =>
      server.heard.find(({ json }) => json.type === 'comment.decided'),
    );
    expect(shapeOf(told.json)).toEqual(shapeOf(decided));

    const sent = await sendVerdict(service(), filter, { ...verdict, commentId: id });
    expect([sent.status, sent.json]).toMatchObject([
      200,
      { applied: false, cause: 'decided', comment: { id } },
    ]);
  } finally {
    await runner.stop();
  }
});

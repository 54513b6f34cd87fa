import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { expectJson } from '../support/http-client.ts';
import { createRandom, seedOfRun } from '../support/random.ts';
import { until } from '../support/until.ts';

/** kill -9 loses no lesson: what a service has learnt after it is what people had decided before it. */
const SITE = 'taught';
const ROUNDS = 2;
const DECISIONS = 8;

let installation: Installation;
beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

interface Outcome {
  phase: string;
  detail: string | null;
  score: number | null;
}

let comments = 0;
async function post(api: Api, body: string): Promise<string> {
  comments += 1;
  const author = { name: 'Reader', email: `reader-${comments}@readers.example` };
  const page = { url: `https://${SITE}.example/a` };
  return (await api.posted(SITE, { page, author, body })).comment.id;
}

/** What the learner says of a new comment: how many decisions it was taught, and the score. */
async function opinion(api: Api): Promise<Outcome | undefined> {
  const id = await post(api, 'a word on the weather of today');
  const { screening } = (await api.detail(id)) as unknown as { screening: Outcome[] };
  return screening.find(({ phase }) => phase === 'learner');
}

const decided = async (api: Api, id: string, action: 'approve' | 'spam'): Promise<string> =>
  expectJson<{ decisionId: string }>(await api.decide(id, { action }), 200).decisionId;

/** The opinion once so many decisions are learnt; MongoDB's are handed on behind. */
const opinionOf = (api: Api, decisions: number): Promise<Outcome> =>
  until(`${decisions} decisions to be learnt`, async () => {
    const said = await opinion(api);
    return said?.detail?.startsWith(`Learnt from ${decisions} decision`) ? said : null;
  });

it('an acknowledged decision is learnt through kills, an undone one is not, and the score is the same', async () => {
  const seed = seedOfRun();
  process.stdout.write(`learner proof: GATEHOUSE_SEED=${seed}\n`);
  const random = createRandom(seed);
  let standing = 0;
  let service = await installation.start();
  await createApi(service).createSite(SITE, { policy: { moderation: 'all', rateLimits: { author: false } } });
  for (let round = 0; round < ROUNDS; round++) {
    const api = createApi(service);
    for (let n = 0; n < DECISIONS; n++) {
      const spam = n % 2 === 0;
      const id = await post(
        api,
        `${spam ? 'cheap watches to buy' : 'the weather was lovely'} ${'ab'.repeat(comments)}`,
      );
      const decisionId = await decided(api, id, spam ? 'spam' : 'approve');
      standing += 1;
      if (random.next() > 0.2) continue;
      expectJson(await api.undo(decisionId), 200);
      standing -= 1;
    }
    await service.kill9();
    service = await installation.start();
    const after = createApi(service);
    const said = await opinionOf(after, standing);
    await service.kill9();
    service = await installation.start();
    expect((await opinionOf(createApi(service), standing)).score).toBe(said.score);
  }
  await service.stop();
});

import type { Random } from '../random.ts';
import { ADMIN, type Answer, type CallOptions, ORIGIN } from '../service.ts';
import { type ApiDocument, type CheckAnswer, createDocumentCheck } from './document.ts';
import { createPairing, type Pairing } from './pairing.ts';
import type { Heard, Side } from './side.ts';

/** The same thing on both sides: an id, a token, a cursor. */
export type Both<T = string> = readonly [T, T];

/** A comment of the story, with the version that was seen last. */
export interface Told {
  id: Both;
  token: Both | null;
  version: number;
}

export interface Question extends CallOptions {
  method?: string;
}

/** What both said to one question. */
export interface Said {
  status: number;
  /** The bodies as JSON. */
  json: Both<Record<string, unknown>>;
  /** A member of both bodies, by its path; null where either lacks it. */
  member(...path: (string | number)[]): Both | null;
}

/** A story that is told to two services, with what came of it so far. */
export interface Story {
  random: Random;
  sides: Both<Side>;
  comments: Told[];
  decisions: Both[];
  batches: Both[];
  /** Where lists go on: the query without its cursor. */
  places: { query: string; cursor: Both }[];
  authors: Both[];
  pages: Both[];
  webhooks: Both[];
  filters: { id: Both; secret: Both }[];
  tokens: Both[];
  /** Asks both and compares. `build` is called for each side. */
  ask(build: (side: 0 | 1) => Question): Promise<Said>;
  /** As `ask`, by an admin or by whoever holds one of the story's tokens. */
  askAsStaff(build: (side: 0 | 1) => Question): Promise<Said>;
  /** Waits for both, and compares what they sent. */
  settle(): Promise<void>;
  /** What differed, and what no document names: by step, as lines. */
  faults: string[];
  step: number;
}

/** Keeps what of an answer the story goes on with. */
function learn(story: Story, said: Said, query: string): void {
  const lists = ['items', 'comments'].flatMap((name) => {
    const [one, other] = said.json.map((json) => json?.[name]);
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length ? [name] : [];
  });
  for (const name of lists)
    for (let i = 0; i < (said.json[0][name] as unknown[]).length; i++) learnComment(story, said, [name, i]);
  learnComment(story, said, ['comment']);
  const cursor = said.member('nextCursor') ?? said.member('prevCursor');
  if (cursor) story.places.push({ query: query.replace(/&cursor=[^&]*/, ''), cursor });
  const decision = said.member('decisionId');
  if (decision) story.decisions.push(decision);
  const batch = said.member('batchId');
  if (batch) story.batches.push(batch);
}

function learnComment(story: Story, said: Said, path: (string | number)[]): void {
  const id = said.member(...path, 'id');
  if (id?.[0].length !== 31) return;
  const known = story.comments.find((one) => one.id[0] === id[0]);
  const told = known ?? { id, token: null, version: 1 };
  if (!known) story.comments.push(told);
  const version = said.member(...path, 'version');
  if (version) told.version = Number(version[0]);
  told.token = said.member('editToken') ?? told.token;
  const author = said.member(...path, 'author', 'key');
  if (author && !story.authors.some(([key]) => key === author[0])) story.authors.push(author);
}

function memberOf(json: unknown, path: (string | number)[]): unknown {
  let value = json;
  for (const name of path)
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return value;
}

function saidBy(answers: Both<Answer>): Said {
  const json = answers.map((answer) => answer.json ?? {}) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  return {
    status: answers[0].status,
    json,
    member(...path) {
      const [one, other] = json.map((body) => memberOf(body, path));
      const isThere = [one, other].every((value) => typeof value === 'string' || typeof value === 'number');
      return isThere ? [String(one), String(other)] : null;
    },
  };
}

/** In an order of their own: none is promised. What a filter is asked beside the comment is as of the sending. */
function inOrder(heard: Heard[]): unknown[] {
  const plain = heard.map(({ path, message }) => {
    const { context: _, ...data } = message.data;
    return { path, type: message.type, data };
  });
  return plain
    .map((one) => [JSON.stringify(one), one] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}

export async function beginStory(sides: Both<Side>, random: Random): Promise<Story> {
  const pairing: Pairing = createPairing([sides[0].outside, sides[1].outside]);
  const document = (await sides[0].call({ path: '/openapi.json' })).json as ApiDocument;
  const check: CheckAnswer = createDocumentCheck(document);
  const tell = (line: string): void => void story.faults.push(`step ${story.step}: ${line}`);

  async function ask(build: (side: 0 | 1) => Question): Promise<Said> {
    const questions = [build(0), build(1)] as const;
    const both = () => Promise.all(questions.map((question, i) => sides[i as 0 | 1].call(question)));
    const answers = (await both()) as unknown as Both<Answer>;
    const { method = 'GET', path, body } = questions[0];
    const line = `${method} ${path} ${JSON.stringify(body)?.slice(0, 300) ?? ''}`;
    for (const found of pairing.ofAnswers(...answers)) tell(`${line}: ${found}`);
    for (const found of check(method, path, answers[0])) tell(`${line}: ${found}`);
    if (answers[0].status >= 500) tell(`${line}: ${answers[0].text}`);
    const said = saidBy(answers);
    learn(story, said, path);
    // Filters and subscribers are told of a comment as it is when the message goes out.
    const isHeard = story.filters.length + story.webhooks.length > 0;
    if (isHeard && method !== 'GET') await story.settle();
    return said;
  }

  const story: Story = {
    ...{ random, sides, ask, step: 0, faults: [] },
    ...{ comments: [], decisions: [], batches: [], places: [], authors: [], pages: [] },
    ...{ webhooks: [], filters: [], tokens: [] },
    askAsStaff(build) {
      const token = random.next() < 0.25 && story.tokens.length > 0 ? random.pick(story.tokens) : null;
      return ask((side) => {
        const { headers, ...rest } = build(side);
        const by = token ? { authorization: `Bearer ${token[side]}` } : ADMIN;
        return { ...rest, headers: { ...headers, ...by } };
      });
    },
    async settle() {
      for (const side of sides) await side.settle();
      const [heard, others] = sides.map((side) => inOrder(side.heard()));
      for (const found of pairing.differences(heard, others)) tell(`sent: ${found}`);
      const [mails, letters] = sides.map((side) => side.mails().sort((a, b) => (a.text < b.text ? -1 : 1)));
      for (const found of pairing.differences(mails, letters)) tell(`mailed: ${found}`);
      for (const side of sides) for (const trouble of side.troubles()) tell(`${side.name}: ${trouble}`);
    },
  };
  return story;
}

/** At the end nothing is under way, and both keep the same. */
export async function endStory(story: Story, sites: readonly string[]): Promise<void> {
  await story.settle();
  for (const site of sites) {
    const files = await Promise.all(story.sides.map((side) => side.exported(site)));
    const [lines = [], others = []] = files.map((file) => file.split('\n').filter(Boolean));
    const pairing = createPairing([story.sides[0].outside, story.sides[1].outside]);
    const parsed = [lines, others].map((all) => all.map((line) => JSON.parse(line) as unknown));
    for (const found of pairing.differences(parsed[0], parsed[1]))
      story.faults.push(`export of ${site}: ${found}`);
  }
  for (const side of story.sides)
    for (const found of await side.verify()) story.faults.push(`${side.name}: ${JSON.stringify(found)}`);
}

export const SITES = ['news', 'fa', 'held'] as const;

/** The sites that a story begins with. */
export async function makeSites({ ask }: Story): Promise<void> {
  const policies = [{ moderation: 'none', editWindowSeconds: 86_400 }, { moderation: 'first' }, {}];
  const places = [
    ['en', 'UTC'],
    ['fa', 'Asia/Tehran'],
    ['en', 'America/New_York'],
  ] as const;
  for (const [i, id] of SITES.entries()) {
    const [locale, timeZone] = places[i] ?? ['en', 'UTC'];
    const policy = { ...policies[i], pages: { hosts: ['www.news.example'] } };
    const origins = [ORIGIN, 'https://s.example'];
    const body = { id, name: `Site ${id}`, origins, locale, timeZone, policy };
    await ask(() => ({ method: 'POST', path: '/v1/admin/sites', headers: ADMIN, body }));
  }
}

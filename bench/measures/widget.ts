import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../../test/support/chromium.ts';
import type { BenchContext } from '../bench-context.ts';
import { startGatehouse } from '../harness/run-servers.ts';
import { type Candidate, type Look, lookOnce, SLOWER } from '../peers/look.ts';
import { fetchPeer, servePeer } from '../peers/peer-server.ts';
import { PEERS, type Peer, type Said } from '../peers/peers.ts';
import { createRandom } from '../random.ts';
import { median, milliseconds, times } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { OPEN_SITE } from '../seed/sites.ts';
import { makeName, makeText } from '../seed/words.ts';

/** The publisher's page is made up here, on an address that no network has; the service is on this machine. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
];
const MOST_BYTES = 8192;
const MOST_REQUESTS = 3;
const GROUP = 'The widget';

type Figures = Record<keyof Look, number>;

async function figuresOf(context: BenchContext, browser: Browser, candidate: Candidate): Promise<Figures> {
  const looks: Look[] = [];
  // The first look warms what is on the way, and is not counted.
  for (let i = 0; i < context.rounds + 1; i++) looks.push(await lookOnce(browser, candidate));
  looks.shift();
  const of = (member: keyof Look): number => median(looks.map((look) => look[member]));
  return {
    bytes: of('bytes'),
    allBytes: of('allBytes'),
    requests: of('requests'),
    scriptMs: of('scriptMs'),
  };
}

const ours = (home: string): Candidate => ({
  home,
  markup: `<script src="${home}/embed.js" data-site="${OPEN_SITE}" async></script>`,
  isListing: (path) => path.includes('/comments?'),
  isLate: (path) => path.includes('/embed/write') || path.startsWith('/v1/'),
  comment: 'li[id^=comment-]',
  form: '#respond',
});

function addOurs(context: BenchContext, figures: Figures): void {
  const row = (figure: string, gatehouse: string, rest: { goal: string; met: boolean | null; how: string }) =>
    context.add({ group: GROUP, figure, gatehouse, bare: '', ratio: '', ...rest });
  row('bytes until the first comment', `${figures.bytes} B`, {
    goal: `≤ ${MOST_BYTES} B`,
    met: figures.bytes <= MOST_BYTES,
    how: 'embed.js and the English sentences as they crossed the line, without headers',
  });
  row('bytes until the form', `${figures.allBytes} B`, {
    goal: '',
    met: null,
    how: 'the same with the second script, its sentences and the policy',
  });
  row('requests until the first comment', `${figures.requests}`, {
    goal: `≤ ${MOST_REQUESTS}`,
    met: figures.requests <= MOST_REQUESTS,
    how: 'to the service, pictures not counted',
  });
  row(`script, processor ${SLOWER} times slower`, milliseconds(figures.scriptMs), {
    goal: '',
    met: null,
    how: `a thread of 20, from nothing to the form; ScriptDuration of Chromium, median of ${context.rounds}`,
  });
}

/** What a peer's twenty comments say, from the seed. */
function saidBy({ options }: BenchContext): Said[] {
  const random = createRandom(options.seed);
  return Array.from({ length: 20 }, (_, i) => ({
    name: makeName(random),
    text: makeText(random),
    at: Date.now() - i * 3_600_000,
  }));
}

async function addPeer(
  context: BenchContext,
  browser: Browser,
  { peer, beside }: { peer: Peer; beside: Figures },
): Promise<void> {
  const folder = await fetchPeer(peer, context.scratch);
  const { home, stop } = await servePeer(peer, { folder, said: saidBy(context) });
  try {
    const { isListing, comment, form } = peer;
    const figures = await figuresOf(context, browser, {
      ...{ home, isListing, comment, form, markup: peer.page(home), isLate: () => false },
    });
    const row = (figure: string, member: keyof Look, unit: (value: number) => string) =>
      context.add({
        group: `${GROUP} beside ${peer.package} ${peer.version}`,
        beside: peer.package,
        figure,
        gatehouse: unit(beside[member]),
        bare: unit(figures[member]),
        ratio: times(beside[member] / figures[member]),
        ...{ goal: '', met: null },
        how: 'twenty comments; its package from npm, its service played by its documentation; third parties, emoticons and page counters off',
      });
    const bytes = (value: number): string => `${value} B`;
    row('bytes until the first comment', 'bytes', bytes);
    row('bytes until the form', 'allBytes', bytes);
    row('requests until the first comment', 'requests', String);
    row(`script, processor ${SLOWER} times slower`, 'scriptMs', milliseconds);
  } finally {
    stop();
  }
}

/**
 * What the widget weighs and costs: bytes, requests until the first comment, script on a slow processor; and
 * the same of two others, where npm gives them.
 */
export async function measureWidget(context: BenchContext, store: StoreSettings): Promise<void> {
  if (!existsSync(CHROMIUM)) throw new Error(`no browser at ${CHROMIUM}`);
  const server = await startGatehouse(context, store);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  try {
    const figures = await figuresOf(context, browser, ours(`http://127.0.0.1:${server.port}`));
    addOurs(context, figures);
    for (const peer of PEERS) await addPeer(context, browser, { peer, beside: figures });
  } finally {
    await browser.close();
    await server.stop();
  }
}

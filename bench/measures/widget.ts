import { existsSync } from 'node:fs';
import { type CDPSession, chromium } from 'playwright-core';
import type { BenchContext } from '../bench-context.ts';
import { startGatehouse } from '../harness/run-servers.ts';
import { median, milliseconds } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { OPEN_SITE, pageUrl } from '../seed/sites.ts';

const CHROMIUM = process.env.GATEHOUSE_TEST_CHROMIUM ?? '/usr/bin/chromium';
/** The publisher's page is made up here, on an address that no network has; the service is on this machine. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
];
const SLOWER = 4;
const MOST_BYTES = 8192;
const MOST_REQUESTS = 3;

interface Look {
  /** Bodies of embed.js and the sentences as they crossed the line. */
  embedBytes: number;
  /** Made when the listing arrives. */
  requests: number;
  scriptMs: number;
}

const metric = async (session: CDPSession, wanted: string): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === wanted)?.value ?? 0;
};

/** Loads a publisher's page with the widget once, in a browser that knows nothing of it yet. */
async function lookOnce(browser: Awaited<ReturnType<typeof chromium.launch>>, home: string): Promise<Look> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const url = pageUrl('thread-20');
  const html = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>x</title><body><script src="${home}/embed.js" data-site="${OPEN_SITE}" async></script></body></html>`;
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Performance.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const asked = new Map<string, string>();
  let [embedBytes, requests] = [0, 0];
  session.on('Network.requestWillBeSent', ({ requestId, request }) => asked.set(requestId, request.url));
  const ofService = (): string[] =>
    [...asked.values()].filter((one) => one.startsWith(home) && !one.includes('/avatars/'));
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const address = asked.get(requestId) ?? '';
    if (address.endsWith('/embed.js') || address.includes('.json?v=')) embedBytes += encodedDataLength;
    if (address.includes('/comments?') && requests === 0) requests = ofService().length;
  });
  await page.goto(url);
  await page.waitForSelector('li[id^=comment-]');
  await page.waitForSelector('#respond');
  const scriptMs = (await metric(session, 'ScriptDuration')) * 1000;
  await context.close();
  return { embedBytes, requests, scriptMs };
}

/** What the widget weighs and costs: bytes, requests until the first comment, script on a slow processor. */
export async function measureWidget(context: BenchContext, store: StoreSettings): Promise<void> {
  if (!existsSync(CHROMIUM)) throw new Error(`no browser at ${CHROMIUM}`);
  const server = await startGatehouse(context, store);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  try {
    const home = `http://127.0.0.1:${server.port}`;
    const looks: Look[] = [];
    for (let i = 0; i < context.rounds + 1; i++) looks.push(await lookOnce(browser, home));
    looks.shift();
    const of = (member: keyof Look): number => median(looks.map((look) => look[member]));
    const row = (
      figure: string,
      gatehouse: string,
      rest: { goal: string; met: boolean | null; how: string },
    ) => context.add({ group: 'The widget', figure, gatehouse, bare: '', ratio: '', ...rest });
    row('bytes until the first comment', `${of('embedBytes')} B`, {
      goal: `≤ ${MOST_BYTES} B`,
      met: of('embedBytes') <= MOST_BYTES,
      how: 'embed.js and the English sentences as they crossed the line, without headers',
    });
    row('requests until the first comment', `${of('requests')}`, {
      goal: `≤ ${MOST_REQUESTS}`,
      met: of('requests') <= MOST_REQUESTS,
      how: 'to the service, pictures not counted',
    });
    row(`script, processor ${SLOWER} times slower`, milliseconds(of('scriptMs')), {
      goal: '',
      met: null,
      how: `a thread of 20, from nothing to the form; ScriptDuration of Chromium, median of ${looks.length}`,
    });
  } finally {
    await browser.close();
    await server.stop();
  }
}

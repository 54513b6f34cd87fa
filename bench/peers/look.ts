import type { Browser, CDPSession } from 'playwright-core';
import { pageUrl } from '../seed/sites.ts';

/** So much slower than this machine's is the processor that scripts run on. */
export const SLOWER = 4;

export interface Look {
  /** What the widget itself sent across the line until the first comment stood, without headers. */
  bytes: number;
  /** The same until the form stood, too. */
  allBytes: number;
  /** Made when the comments arrive. */
  requests: number;
  scriptMs: number;
}

export interface Candidate {
  home: string;
  /** What the page's body holds. */
  markup: string;
  isListing(path: string): boolean;
  /** What is loaded behind the first comments. */
  isLate(path: string): boolean;
  comment: string;
  form: string;
}

const metric = async (session: CDPSession, wanted: string): Promise<number> => {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === wanted)?.value ?? 0;
};

/** Loads a publisher's page with a widget once, in a browser that knows nothing of it yet. */
export async function lookOnce(browser: Browser, candidate: Candidate): Promise<Look> {
  const { home } = candidate;
  const context = await browser.newContext();
  const page = await context.newPage();
  const url = pageUrl('thread-20');
  const html = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>x</title><body>${candidate.markup}</body></html>`;
  // Neither pictures nor anything of third parties is part of what is compared.
  await page.route(
    (address) => !address.href.startsWith(home),
    (route) => route.abort(),
  );
  await page.route(/avatar/, (route) => route.abort());
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Performance.enable');
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const asked = new Map<string, string>();
  let [bytes, allBytes, requests] = [0, 0, 0];
  const pathOf = (requestId: string): string => asked.get(requestId)?.slice(home.length) ?? '';
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith(home) && !request.url.includes('/avatars/')) asked.set(requestId, request.url);
  });
  session.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
    const path = pathOf(requestId);
    if (path === '') return;
    if (candidate.isListing(path)) {
      if (requests === 0) requests = asked.size;
      return;
    }
    allBytes += encodedDataLength;
    if (!candidate.isLate(path)) bytes += encodedDataLength;
  });
  await page.goto(url);
  await page.waitForSelector(candidate.comment);
  await page.waitForSelector(candidate.form);
  const scriptMs = (await metric(session, 'ScriptDuration')) * 1000;
  await context.close();
  return { bytes, allBytes, requests, scriptMs };
}

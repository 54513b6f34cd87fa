import type { Page } from 'playwright-core';

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Processor time in microseconds. */
  tdur?: number;
  args?: { name?: string };
}

/**
 * Has the browser write down what its main thread does; the returned function ends that, and resolves to the most
 * processor time that one task needed, in milliseconds: unlike the time by the clock it holds on a busy machine, too.
 * The tasks alone are written down: what they consist of is dear to write, and dearer the more a page holds.
 */
export async function traceTasks(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  devtools.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await devtools.send('Tracing.start', {
    traceConfig: { includedCategories: ['toplevel'], excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise((resolve) => devtools.once('Tracing.tracingComplete', resolve));
    await devtools.send('Tracing.end');
    await complete;
    const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`;
    const mains = new Set(
      events.filter(({ args }) => args?.name === 'CrRendererMain').map((event) => threadOf(event)),
    );
    const tasks = events.filter(
      (event) => event.name === 'ThreadControllerImpl::RunTask' && mains.has(threadOf(event)),
    );
    if (tasks.length === 0) throw new Error('the browser wrote down no task of a page');
    return Math.max(...tasks.map(({ tdur = 0 }) => tdur / 1000));
  };
}

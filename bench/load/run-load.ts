import type { LoadResult, LoadSpec } from './load-spec.ts';
import { type RunningStream, startStream } from './stream.ts';

const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Runs the streams side by side and measures them over one and the same time. */
export async function runLoad(spec: LoadSpec): Promise<LoadResult> {
  const streams: RunningStream[] = [];
  let answered = 0;
  let measureEnd: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const enough = new Promise<void>((resolve, reject) => {
    measureEnd = resolve;
    fail = reject;
  });
  // A failure while connecting or warming up is met below, when `enough` is awaited.
  enough.catch(() => undefined);
  try {
    for (const [index, stream] of spec.streams.entries()) {
      const onAnswer = (): void => {
        if (index === 0 && ++answered === spec.count) measureEnd();
      };
      streams.push(await startStream(spec, stream, { onAnswer, onError: fail }));
    }
    await Promise.race([pause(spec.warmSeconds), enough]);
    const begun = performance.now();
    const cpu = process.cpuUsage();
    for (const stream of streams) stream.measure();
    const listEnded = Promise.all(streams.map((stream) => stream.ended));
    await Promise.race([pause(spec.seconds), enough, listEnded]);
    const seconds = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      streams: streams.map((stream) => stream.result(seconds)),
      seconds,
      busy: (user + system) / 1e6 / seconds,
    };
  } finally {
    for (const stream of streams) stream.stop();
  }
}

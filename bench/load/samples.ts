/** Every latency of a run, in milliseconds, kept exactly: percentiles are read from the sorted samples. */
export interface Samples {
  add(ms: number): void;
  count(): number;
  summary(): LatencySummary;
}

/** In milliseconds. */
export interface LatencySummary {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

const FIRST_CAPACITY = 1 << 16;

export function createSamples(): Samples {
  let values = new Float32Array(FIRST_CAPACITY);
  let count = 0;
  return {
    add(ms) {
      if (count === values.length) {
        const larger = new Float32Array(count * 2);
        larger.set(values);
        values = larger;
      }
      values[count++] = ms;
    },
    count: () => count,
    summary: () => summarize(values.subarray(0, count)),
  };
}

/** Nearest-rank percentiles; zeros where nothing was measured. */
export function summarize(samples: Float32Array): LatencySummary {
  const sorted = samples.slice().sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

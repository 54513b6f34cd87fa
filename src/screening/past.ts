import type { LearntText } from './learner/features.ts';
import type { Learner, Opinion } from './learner/learner.ts';
import type { Precedent, Precedents } from './precedents/precedents.ts';

/** What people taught and decided that bears on a text. */
export interface Past {
  /** What the learner makes of it; null while nothing was learnt. */
  learnt: Opinion | null;
  /** What people decided on near copies; null where they decided on none. */
  precedent: Precedent | null;
  /** Milliseconds that it took to find out, by the phase that goes by it. */
  lookUps: Readonly<Record<string, number>>;
}

/** `id`: of the comment whose text it is, null for a new one. */
export async function lookUpPast(
  { learner, precedents }: { learner: Learner; precedents: Precedents },
  site: string,
  { id, text, url }: LearntText & { id: string | null },
): Promise<Past> {
  const begun = performance.now();
  const learnt = await learner.judge(site, { text, url });
  const judged = performance.now();
  const precedent = await precedents.of(site, { id, text });
  return { learnt, precedent, lookUps: { learner: judged - begun, similar: performance.now() - judged } };
}

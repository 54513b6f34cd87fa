import { createPrecedentLog, type PrecedentLog } from '../../src/screening/precedents/precedent-log.ts';
import { KEPT_DECISIONS } from '../../src/screening/precedents/precedents.ts';
import { likenessOf } from '../../src/text/likeness.ts';
import type { BenchContext } from '../bench-context.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import { milliseconds } from '../report.ts';
import { makeText } from '../seed/words.ts';

const SITE = 'bench';
const DECISIONS = { full: 1_000_000, usual: 100_000, quick: 10_000 } as const;
const LONG_TEXT = 10_000;
/** Of ten decisions so many are on near copies of one text: what a flood is. */
const FLOOD = 3;
const FLOOD_TEXT =
  'Earn nine hundred a week from your sofa, my cousin did and now she owns a house and two boats';
const ASKED = 500;

/** What a site's people decided, one text after the other. */
function decide(random: Random, count: number): PrecedentLog {
  const log = createPrecedentLog(KEPT_DECISIONS);
  for (let number = 1; number <= count; number++) {
    const isFlood = number % 10 < FLOOD;
    const text = isFlood ? `${FLOOD_TEXT} ${number}` : makeText(random);
    const head = { number, site: SITE, commentId: `comment-${number}`, supersedes: null };
    log.take({ ...head, label: isFlood ? 'spam' : 'ham', learnt: { text, url: null } });
  }
  return log;
}

/** Milliseconds: the middle one, and the one that ninety-nine of a hundred do not exceed. */
function costs(log: PrecedentLog, texts: string[]): { p50: number; p99: number } {
  const took = texts.map((text) => {
    const begun = performance.now();
    log.decidedOn(likenessOf(SITE, text), null);
    return performance.now() - begun;
  });
  took.sort((one, other) => one - other);
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

function longText(random: Random): string {
  let text = '';
  while (text.length < LONG_TEXT) text += `${makeText(random)} `;
  return text.slice(0, LONG_TEXT);
}

/** What it costs a post to hear what people decided on near copies: in this process, no server between. */
export async function measureSimilar(context: BenchContext): Promise<void> {
  const { full, quick, seed } = context.options;
  const random = createRandom(seed);
  const count = full ? DECISIONS.full : quick ? DECISIONS.quick : DECISIONS.usual;
  const log = decide(random, count);
  const rows: [string, string, () => string][] = [
    [
      'a usual comment',
      'keys and look-up; three of ten decisions are on near copies of one text',
      () => makeText(random),
    ],
    ['one of the flood', 'the same; a text that all of the flood is like', () => `${FLOOD_TEXT} again`],
    ['10,000 characters', 'the same; nearly all of it is the making of the keys', () => longText(random)],
  ];
  for (const [what, how, next] of rows) {
    const texts = Array.from({ length: ASKED }, next);
    costs(log, texts);
    const { p50, p99 } = costs(log, texts);
    context.add({
      group: 'Screening',
      figure: `near copies among ${count.toLocaleString('en')} decisions, ${what}`,
      gatehouse: `${milliseconds(p50)}, p99 ${milliseconds(p99)}`,
      bare: '',
      ratio: '',
      goal: '< 1 ms',
      met: p50 < 1,
      how,
    });
  }
}

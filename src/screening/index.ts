import type { PhaseOutcome } from '../comments/comment.ts';
import type { Judgement } from '../comments/judgement.ts';
import { judge } from '../comments/judgement.ts';
import type { Phase, ScreeningInput } from './phase.ts';
import { author } from './phases/author.ts';
import { contacts } from './phases/contacts.ts';
import { duplicate } from './phases/duplicate.ts';
import { learner } from './phases/learner.ts';
import { links } from './phases/links.ts';
import { moderation } from './phases/moderation.ts';
import { ownEmail } from './phases/own-email.ts';
import { script } from './phases/script.ts';
import { similar } from './phases/similar.ts';
import { tooSoon } from './phases/too-soon.ts';
import { trap } from './phases/trap.ts';
import { wordlist } from './phases/wordlist.ts';

/** The phases in the order they run. The status is the worst of what they say, so the order only tells. */
export const PHASES: readonly Phase[] = [
  // A field that only programs fill in.
  trap,
  // Sent faster than people write.
  tooSoon,
  // The same again: refused before it is stored.
  duplicate,
  // The author's own address in plain sight.
  ownEmail,
  // As many links as the site wants to see first.
  links,
  // Phones, cards, accounts and messengers: what leads people away to be robbed.
  contacts,
  // Letters that are not what they look like.
  script,
  // The site's own words.
  wordlist,
  // Who it is: a person's word on the author, and names that are somebody else's.
  author,
  // Whether the site wants a person to look first.
  moderation,
  // What people decided on near copies.
  similar,
  // What the site's people taught: the only rule that nobody wrote.
  learner,
];

export interface Screened extends Judgement {
  screening: PhaseOutcome[];
}

function run(phase: Phase, input: ScreeningInput): PhaseOutcome {
  const begun = performance.now();
  const outcome = (() => {
    try {
      return phase.judge(input);
    } catch {
      return { outcome: 'error', code: 'phase-failed', detail: null, score: null } as const;
    }
  })();
  const ms = performance.now() - begun + (input.lookUps[phase.name] ?? 0);
  return { phase: phase.name, ...outcome, ms: Math.round(ms * 1000) / 1000 };
}

/** Runs every phase; a phase that throws is `error` and holds the comment, nothing is lost. */
export function screen(input: ScreeningInput, phases: readonly Phase[] = PHASES): Screened {
  const screening = phases.map((phase) => run(phase, input));
  return { screening, ...judge(screening) };
}

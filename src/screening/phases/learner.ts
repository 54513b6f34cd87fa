import { isShownAllTheSame } from '../learner/audit-share.ts';
import type { Opinion } from '../learner/learner.ts';
import type { Phase, PhaseVerdict, ScreeningInput } from '../phase.ts';
import { PASS } from '../phase.ts';

/** Decisions of each class before the learner may call anything spam. */
const BEFORE_MARKING = 10;
/** Decisions of a site's people before anything is decided without them, and of each class among these. */
const BEFORE_ALONE = { all: 50, each: 15 } as const;
/** More likely spam than not. */
const LIKELIER = 0.5;

const fewest = ({ ham, spam }: Opinion): number => Math.min(ham, spam);

/** Whether it has seen enough to decide without a person. */
function mayDecide(opinion: Opinion): boolean {
  return opinion.ham + opinion.spam >= BEFORE_ALONE.all && fewest(opinion) >= BEFORE_ALONE.each;
}

type Read = Pick<ScreeningInput, 'learnt' | 'site' | 'id'>;

/** Sure of ham, and allowed to say so alone: what `moderation: unsure` lets through. */
export function isSureOfHam({ learnt, site, id }: Read): boolean {
  if (!learnt || !mayDecide(learnt)) return false;
  const { approve, auditShare } = site.policy.learner;
  return learnt.probability <= approve && !isShownAllTheSame(id, auditShare);
}

/** Four places: enough for any threshold, and the same wherever it is worked out. */
const rounded = (probability: number): number => Math.round(probability * 10_000) / 10_000;

/** What the site's people taught it. Of what it would call spam alone, a share is shown to a person all the same. */
export const learner: Phase = {
  name: 'learner',
  judge({ learnt, site, id }: Read): PhaseVerdict {
    if (!learnt) return { ...PASS, detail: 'Nothing was decided yet that could be learnt from.' };
    const score = rounded(learnt.probability);
    const { matches } = learnt;
    const say = (outcome: 'pass' | 'hold' | 'spam', code: string | null, detail: string): PhaseVerdict => ({
      outcome,
      code,
      detail,
      score,
      ...(matches.length > 0 && { matches }),
    });
    const decisions = learnt.ham + learnt.spam;
    const taught = `Learnt from ${decisions} ${decisions === 1 ? 'decision' : 'decisions'} of this site.`;
    if (fewest(learnt) < BEFORE_MARKING) return say('pass', null, `${taught} Too few to go by.`);
    const { spam, auditShare } = site.policy.learner;
    if (learnt.probability < Math.min(spam, LIKELIER)) return say('pass', null, taught);
    if (learnt.probability < spam || !mayDecide(learnt)) return say('hold', 'learner-suspects', taught);
    if (isShownAllTheSame(id, auditShare))
      return say('hold', 'learner-audit', `${taught} One of those that a person sees all the same.`);
    return say('spam', 'learner-spam', taught);
  },
};

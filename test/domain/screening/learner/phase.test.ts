import { createIdSource } from '../../../../src/ids.ts';
import { isShownAllTheSame } from '../../../../src/screening/learner/audit-share.ts';
import type { Opinion } from '../../../../src/screening/learner/learner.ts';
import { learner } from '../../../../src/screening/phases/learner.ts';
import { moderation } from '../../../../src/screening/phases/moderation.ts';
import { inputOf, siteWith } from '../../../support/screening.ts';

const NEVER_SHOWN = { spam: 0.97, approve: 0.03, auditShare: 0 };
const opinion = (probability: number, ham: number, spam: number): Opinion => ({
  probability,
  ham,
  spam,
  matches: [],
});

describe('the phase learner', () => {
  it.each<[string, Opinion | null, string]>([
    ['has nothing to go by', null, 'pass null null'],
    ['was told too little', opinion(0.999, 9, 300), 'pass null 0.999'],
    ['suspects with ten of each', opinion(0.999, 10, 10), 'hold learner-suspects 0.999'],
    ['decides nothing alone before fifty', opinion(0.999, 34, 15), 'hold learner-suspects 0.999'],
    ['nor with fewer than fifteen of one class', opinion(0.999, 500, 14), 'hold learner-suspects 0.999'],
    ['is sure of spam', opinion(0.97, 35, 15), 'spam learner-spam 0.97'],
    ['is not sure', opinion(0.9699, 35, 15), 'hold learner-suspects 0.9699'],
    ['thinks it ham', opinion(0.49, 35, 15), 'pass null 0.49'],
    ['is sure of ham', opinion(0.001, 35, 15), 'pass null 0.001'],
  ])('%s', (_, learnt, said) => {
    const site = siteWith({ moderation: 'none', learner: NEVER_SHOWN });
    const { outcome, code, score } = learner.judge(inputOf({ learnt, site }));
    expect(`${outcome} ${code} ${score}`).toBe(said);
  });

  it.each([
    [0, 'Learnt from 0 decisions of this site. Too few to go by.'],
    [1, 'Learnt from 1 decision of this site. Too few to go by.'],
    [2, 'Learnt from 2 decisions of this site. Too few to go by.'],
  ])('says of %s what it learnt from', (decisions, detail) => {
    expect(learner.judge(inputOf({ learnt: opinion(0.5, decisions, 0) })).detail).toBe(detail);
  });

  it('marks from the site’s own threshold on', () => {
    const site = siteWith({ learner: { spam: 0.4, approve: 0.01, auditShare: 0 } });
    expect(learner.judge(inputOf({ learnt: opinion(0.41, 50, 50), site })).outcome).toBe('spam');
    expect(learner.judge(inputOf({ learnt: opinion(0.39, 50, 50), site })).outcome).toBe('pass');
  });

  it('shows a person one in twenty of those it is sure of, the same ones whoever asks', () => {
    const ids = createIdSource();
    const shown = [...Array(4000).keys()].map((n) => {
      const input = inputOf({ id: `${ids.next(n)}page`, learnt: opinion(0.999, 50, 50) });
      const { outcome, code } = learner.judge(input);
      expect(learner.judge(input)).toMatchObject({ outcome, code });
      return outcome === 'hold';
    });
    const share = shown.filter(Boolean).length / shown.length;
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.07);
  });

  it.each([
    [0, 0],
    [1, 1000],
  ])('with a share of %s shows %s of 1000', (share, count) => {
    const shown = [...Array(1000).keys()].filter((n) => isShownAllTheSame(`id-${n}`, share));
    expect(shown).toHaveLength(count);
  });
});

describe('the phase moderation where the site is to be asked when unsure', () => {
  const site = siteWith({ moderation: 'unsure', learner: NEVER_SHOWN });
  it.each<[string, Opinion | null, string]>([
    ['holds while nothing was learnt', null, 'hold'],
    ['lets through what the learner is sure of', opinion(0.03, 35, 15), 'pass'],
    ['holds what it is not sure of', opinion(0.031, 35, 15), 'hold'],
    ['holds before fifty decisions', opinion(0.001, 34, 15), 'hold'],
    ['holds with fewer than fifteen of one class', opinion(0.001, 99, 14), 'hold'],
  ])('%s', (_, learnt, outcome) => {
    expect(moderation.judge(inputOf({ site, learnt })).outcome).toBe(outcome);
  });

  it('shows a share of them to a person all the same', () => {
    const all = siteWith({ moderation: 'unsure', learner: { ...NEVER_SHOWN, auditShare: 1 } });
    expect(moderation.judge(inputOf({ site: all, learnt: opinion(0.001, 50, 50) })).outcome).toBe('hold');
  });

  it.each(['all', 'first'] as const)('does not ask the learner with %s', (mode) => {
    const other = siteWith({ moderation: mode, learner: NEVER_SHOWN });
    expect(moderation.judge(inputOf({ site: other, learnt: opinion(0.001, 50, 50) })).outcome).toBe('hold');
  });
});

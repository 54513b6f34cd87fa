import {
  type Calibration,
  createCalibration,
  learnCalibration,
  oddsOf,
  type Scores,
} from '../../../../src/screening/learner/calibration.ts';

const HIGH: Scores = [1, 1, 1];
const LOW: Scores = [-1, -1, -1];

/** So many answers, of which high scores were given to spam, or to ham. */
function take(calibration: Calibration, count: number, { highIsSpam }: { highIsSpam: boolean }): void {
  for (let i = 0; i < count; i++) {
    const isHigh = i % 2 === 0;
    const isSpam = isHigh === highIsSpam;
    learnCalibration(calibration, { scores: isHigh ? HIGH : LOW, isSpam, met: calibration.given + 4 });
  }
}

describe('the calibration', () => {
  it.each([
    ['all of few', 160, 80, false],
    ['the newest 256 of some more', 300, 200, true],
    ['the newest half of many', 600, 500, true],
    ['all that it keeps of very many', 3000, 600, true],
  ])('goes by %s answers', (_, before, after, leansToNewest) => {
    const calibration = createCalibration();
    take(calibration, before, { highIsSpam: false });
    expect(oddsOf(calibration, HIGH)).toBeLessThan(-1);
    take(calibration, after, { highIsSpam: true });
    expect(oddsOf(calibration, HIGH) > 0).toBe(leansToNewest);
    expect(oddsOf(calibration, LOW) < 0).toBe(leansToNewest);
  });

  it('is not led by what only some of few answers in a row say, where many count', () => {
    const calibration = createCalibration();
    take(calibration, 900, { highIsSpam: true });
    take(calibration, 200, { highIsSpam: false });
    expect(oddsOf(calibration, HIGH)).toBeGreaterThan(0);
  });
});

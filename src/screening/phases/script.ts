import type { Phase, ScreeningInput } from '../phase.ts';
import { hold, matchesIn, PASS } from '../phase.ts';
import { mixedWords, stackedMarks } from '../script.ts';

/** Writing that deceives the eye: words of mixed scripts, stacked marks, turned letters. */
export const script: Phase = {
  name: 'script',
  judge({ body, name, turnedLetters }: Pick<ScreeningInput, 'body' | 'name' | 'turnedLetters'>) {
    const seen = (find: (text: string) => { start: number; end: number }[]) => [
      ...matchesIn('body', find(body)),
      ...matchesIn('name', name === null ? [] : find(name)),
    ];
    const mixed = seen(mixedWords);
    const stacked = seen(stackedMarks);
    const found = [
      mixed.length > 0 && (['mixed-scripts', 'words of mixed scripts'] as const),
      stacked.length > 0 && (['stacked-marks', 'stacked marks'] as const),
      turnedLetters && (['turned-letters', 'letters turned round (removed)'] as const),
    ].filter((one) => one !== false);
    const [first] = found;
    if (!first) return PASS;
    return hold(first[0], `Found: ${found.map(([, words]) => words).join(', ')}.`, [...mixed, ...stacked]);
  },
};

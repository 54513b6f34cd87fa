/** One line of the table. Everything is text already: the measurement knows its unit and precision. */
export interface Row {
  group: string;
  figure: string;
  /** The service's own figure, with unit. */
  gatehouse: string;
  /** The bare server's in the same rounds; empty where there is none. */
  bare: string;
  /** What is measured beside it where that is no bare server. */
  beside?: string;
  ratio: string;
  goal: string;
  met: boolean | null;
  /** How the figure was taken. */
  how: string;
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

/** The rows as Markdown tables, one for each group, in the order they came. */
export function tablesOf(rows: readonly Row[]): string {
  const groups = [...new Set(rows.map((row) => row.group))];
  return groups
    .map((group) => {
      const inGroup = rows.filter((row) => row.group === group);
      const lines = inGroup.map(({ figure, gatehouse, bare, ratio, goal, met, how }) => {
        const verdict = met === null ? '' : met ? 'yes' : '**no**';
        return `| ${[figure, gatehouse, bare, ratio, goal, verdict, how].map(escapeCell).join(' | ')} |`;
      });
      const beside = inGroup[0]?.beside ?? 'bare server';
      return [
        `### ${group}`,
        '',
        `| figure | Gatehouse | ${beside} | ratio | goal | met | how it was taken |`,
        '|---|--:|--:|--:|---|---|---|',
        ...lines,
      ].join('\n');
    })
    .join('\n\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  if (Number.isInteger(middle)) return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  return sorted[Math.floor(middle)] ?? 0;
}

/** 24,600/s */
export const rate = (perSecond: number): string => `${Math.round(perSecond).toLocaleString('en')}/s`;
/** Three significant digits and the unit. */
export const milliseconds = (ms: number): string => `${Number(ms.toPrecision(3))} ms`;
export const megabytes = (mb: number): string => `${Math.round(mb)} MB`;
export const times = (ratio: number): string => ratio.toFixed(2);

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** The document with what stands between its two marks replaced. */
export function replaceSection(document: string, section: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the document lacks ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n${section.trim()}\n${document.slice(end)}`;
}

import type { Stats } from '../api/types.ts';
import { formatDay, formatNumber, t } from '../words/index.ts';

const WIDTH = 720;
const HEIGHT = 220;
const FOOT = 24;
const SIDE = 40;

const LINES = ['approved', 'rejected', 'spam'] as const;
type Volume = Stats['volume'];

/** The next round number above: 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** In its own direction: time goes from left to right in every language, the words of a day do not. */
const isolate = (text: string): string => `\u2068${text}\u2069`;

/**
 * Comments by day: bars for what came, lines for what was decided, told apart by their strokes and not by
 * colour alone. The table below says the same in numbers.
 */
export function VolumeChart({ volume }: { volume: Volume }) {
  const top = roundUp(
    Math.max(1, ...volume.map(({ created, ...rest }) => Math.max(created, ...LINES.map((l) => rest[l])))),
  );
  const step = (WIDTH - SIDE) / Math.max(1, volume.length);
  const y = (value: number): number => 8 + (HEIGHT - FOOT - 8) * (1 - value / top);
  const x = (index: number): number => SIDE + step * (index + 0.5);
  const every = Math.ceil(volume.length / 8);
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t('stats.chart')}
      direction="ltr"
    >
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line class="axis" x1={SIDE} x2={WIDTH} y1={y(top * share)} y2={y(top * share)} />
          <text x={SIDE - 6} y={y(top * share) + 4} text-anchor="end">
            {formatNumber(top * share)}
          </text>
        </g>
      ))}
      {volume.map(({ day, created }, index) => (
        <rect
          key={day}
          class="bar-created"
          x={x(index) - step * 0.38}
          y={y(created)}
          width={step * 0.76}
          height={Math.max(0, y(0) - y(created))}
        />
      ))}
      {LINES.map((name) => (
        <polyline
          key={name}
          class={`line-${name}`}
          points={volume.map((each, index) => `${x(index)},${y(each[name])}`).join(' ')}
        />
      ))}
      {volume.map(({ day }, index) =>
        index % every === 0 ? (
          <text key={day} x={x(index)} y={HEIGHT - 6} text-anchor="middle">
            {isolate(formatDay(day))}
          </text>
        ) : null,
      )}
    </svg>
  );
}

export function Legend() {
  return (
    <ul class="legend chart">
      <li>
        <svg width="28" height="12" aria-hidden="true">
          <rect class="bar-created" width="28" height="12" />
        </svg>
        {t('stats.created')}
      </li>
      {LINES.map((name) => (
        <li key={name}>
          <svg width="28" height="12" aria-hidden="true">
            <line class={`line-${name}`} x1="0" x2="28" y1="6" y2="6" />
          </svg>
          {t(`status.${name}`)}
        </li>
      ))}
    </ul>
  );
}

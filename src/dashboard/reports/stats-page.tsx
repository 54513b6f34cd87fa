import type { ComponentChildren } from 'preact';
import type { Stats } from '../api/types.ts';
import { phaseName } from '../comment/reasons.ts';
import { go, place } from '../router.ts';
import { siteOptions } from '../sites.ts';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { Choice } from '../ui/parts.tsx';
import { formatDay, formatNumber, formatShare, formatSpan, t, tCount } from '../words/index.ts';
import { Legend, VolumeChart } from './chart.tsx';

const SPANS = ['7', '30', '90', '365'] as const;

interface TableProps {
  caption: string;
  head: string[];
  children: ComponentChildren;
}

function Table({ caption, head, children }: TableProps) {
  return (
    <div class="wide panel">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((words, index) => (
              <th key={words} scope="col" class={index > 0 ? 'number' : undefined}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

const Numbers = ({ of }: { of: (number | string)[] }) =>
  of.map((value, index) => (
    <td key={`${index}`} class="number">
      {typeof value === 'number' ? formatNumber(value) : value}
    </td>
  ));

function Tiles({ stats: { volume, timeToDecision } }: { stats: Stats }) {
  const sum = (part: 'created' | 'approved' | 'rejected' | 'spam'): number =>
    volume.reduce((all, each) => all + each[part], 0);
  const tiles = [
    [t('stats.created'), formatNumber(sum('created'))],
    [t('status.approved'), formatNumber(sum('approved'))],
    [t('status.rejected'), formatNumber(sum('rejected'))],
    [t('status.spam'), formatNumber(sum('spam'))],
    [t('stats.p50'), formatSpan(timeToDecision.p50Seconds)],
    [t('stats.p90'), formatSpan(timeToDecision.p90Seconds)],
  ] as const;
  return (
    <div class="tiles">
      {tiles.map(([words, value]) => (
        <div key={words} class="tile">
          <strong>{value}</strong>
          {words}
        </div>
      ))}
    </div>
  );
}

function Phases({ phases }: Pick<Stats, 'phases'>) {
  const head = [
    'stats.phase',
    'outcome.hold',
    'status.spam',
    'status.rejected',
    'stats.decided',
    'stats.rate',
  ] as const;
  return (
    <Table caption={t('stats.phases')} head={head.map((key) => t(key))}>
      {phases.map(({ phase, held, spam, rejected, decided, rate }) => (
        <tr key={phase}>
          <th scope="row">{phaseName(phase)}</th>
          <Numbers of={[held, spam, rejected, decided]} />
          <td class="number">
            <span class="share" aria-hidden="true">
              <span style={{ inlineSize: `${rate * 100}%` }} />
            </span>
            {formatShare(rate)}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Days({ volume }: Pick<Stats, 'volume'>) {
  const busy = volume.filter(
    ({ created, approved, rejected, spam }) => created + approved + rejected + spam > 0,
  );
  const head = ['stats.day', 'stats.created', 'status.approved', 'status.rejected', 'status.spam'] as const;
  return (
    <details>
      <summary>{t('stats.numbers')}</summary>
      <Table caption={t('stats.chart')} head={head.map((key) => t(key))}>
        {busy.map(({ day, created, approved, rejected, spam }) => (
          <tr key={day}>
            <th scope="row">{formatDay(day)}</th>
            <Numbers of={[created, approved, rejected, spam]} />
          </tr>
        ))}
      </Table>
    </details>
  );
}

function Shown({ stats }: { stats: Stats }) {
  const head = ['stats.moderator', 'stats.decisions', 'stats.overturned'] as const;
  return (
    <>
      <Tiles stats={stats} />
      <section class="panel">
        <h2>{t('stats.chart')}</h2>
        <Legend />
        <VolumeChart volume={stats.volume} />
        <Days volume={stats.volume} />
      </section>
      <Phases phases={stats.phases} />
      <Table caption={t('stats.moderators')} head={head.map((key) => t(key))}>
        {stats.moderators.map(({ by, decisions, overturned }) => (
          <tr key={by.id}>
            <th scope="row">
              <bdi>{by.name}</bdi>
            </th>
            <Numbers of={[decisions, overturned]} />
          </tr>
        ))}
      </Table>
      <p class="soft">{t('stats.help')}</p>
    </>
  );
}

export function StatsPage() {
  const { query } = place.value;
  const site = query.get('site') ?? '';
  const days = query.get('days') ?? '30';
  const { data, error, reload } = useLoaded<Stats>('moderation/stats', { site, days });
  return (
    <main class="page">
      <h1>{t('nav.stats')}</h1>
      <div class="filter-line">
        <Choice
          label={t('site')}
          value={site}
          options={[['', t('site.all')], ...siteOptions()]}
          onChange={(next) => go(['stats'], { site: next, days })}
        />
        <Choice
          label={t('stats.span')}
          value={days}
          options={SPANS.map((span) => [span, tCount('days', Number(span))] as const)}
          onChange={(next) => go(['stats'], { site, days: next })}
        />
      </div>
      {data ? <Shown stats={data} /> : <Waiting error={error} reload={reload} />}
    </main>
  );
}

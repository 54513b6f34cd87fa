import type { Stats } from '../api/types.ts';
import { phaseName } from '../comment/reasons.ts';
import { go, place } from '../router.ts';
import { siteOptions } from '../sites.ts';
import { Choice } from '../ui/fields.tsx';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { formatDay, formatNumber, formatShare, formatSpan, type Key, t, tCount } from '../words/index.ts';
import { Legend, VolumeChart } from './chart.tsx';

const SPANS = ['7', '30', '90', '365'] as const;

/** A column of how many, by the member's name. */
const numbers = <Name extends string>(key: Key, name: Name): Column<Record<Name, number>> => ({
  label: t(key),
  number: true,
  cell: (item) => formatNumber(item[name]),
});

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
  return (
    <Table
      caption={t('stats.phases')}
      items={phases}
      keyOf={({ phase }) => phase}
      columns={[
        { label: t('stats.phase'), names: true, cell: ({ phase }) => phaseName(phase) },
        numbers('outcome.hold', 'held'),
        numbers('status.spam', 'spam'),
        numbers('status.rejected', 'rejected'),
        numbers('stats.decided', 'decided'),
        {
          label: t('stats.rate'),
          number: true,
          cell: ({ rate }) => (
            <>
              <span class="share" aria-hidden="true">
                <span style={{ inlineSize: `${rate * 100}%` }} />
              </span>
              {formatShare(rate)}
            </>
          ),
        },
      ]}
    />
  );
}

function Days({ volume }: Pick<Stats, 'volume'>) {
  const busy = volume.filter(
    ({ created, approved, rejected, spam }) => created + approved + rejected + spam > 0,
  );
  return (
    <details>
      <summary>{t('stats.numbers')}</summary>
      <Table
        caption={t('stats.chart')}
        items={busy}
        keyOf={({ day }) => day}
        columns={[
          { label: t('stats.day'), names: true, cell: ({ day }) => formatDay(day) },
          numbers('stats.created', 'created'),
          numbers('status.approved', 'approved'),
          numbers('status.rejected', 'rejected'),
          numbers('status.spam', 'spam'),
        ]}
      />
    </details>
  );
}

function Shown({ stats }: { stats: Stats }) {
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
      <Table
        caption={t('nav.staff')}
        items={stats.moderators}
        keyOf={({ by }) => by.id ?? ''}
        columns={[
          { label: t('me.name'), names: true, cell: ({ by }) => <bdi>{by.name}</bdi> },
          numbers('decisions', 'decisions'),
          numbers('stats.overturned', 'overturned'),
        ]}
      />
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

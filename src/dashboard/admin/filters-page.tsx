import { useState } from 'preact/hooks';
import type { Filter } from '../api/admin-types.ts';
import { post } from '../api/client.ts';
import type { Stats } from '../api/types.ts';
import { hrefOf, place } from '../router.ts';
import { me } from '../session.ts';
import { sitesName } from '../sites.ts';
import { Choice } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { Paged, useLoaded, usePages } from '../ui/loading.tsx';
import { Table } from '../ui/table.tsx';
import { formatNumber, formatShare, t } from '../words/index.ts';
import { bodyOf, FilterFields, type FilterGiven, NEW_FILTER } from './filter-fields.tsx';
import { FilterHealth, FilterPage } from './filter-page.tsx';
import { Once } from './snippet.tsx';

const KINDS = ['webhook', 'akismet'] as const;

function NewFilter({ onMade }: { onMade: (secret: string | null) => void }) {
  const mine = me().sites;
  const fresh = { ...NEW_FILTER, sites: mine };
  const [given, setGiven] = useState<FilterGiven>(fresh);
  const make = async (): Promise<void> => {
    const body = { kind: given.kind, ...bodyOf(given) };
    const { secret = null } = await post<{ secret?: string }>('admin/filters', body);
    setGiven(fresh);
    onMade(secret);
  };
  const isWhole = given.sites.length > 0 && given.events.length > 0;
  return (
    <Form class="panel narrow" submit={t('filters.make')} disabled={!isWhole} onSubmit={make}>
      {(errorAt) => (
        <>
          <h2>{t('filters.new')}</h2>
          <Choice
            label={t('filters.kind')}
            help={t(`filters.kind.${given.kind}.help`)}
            value={given.kind}
            options={KINDS.map((kind) => [kind, t(`filters.kind.${kind}`)] as const)}
            onChange={(kind) => setGiven({ ...given, kind: kind === 'akismet' ? kind : 'webhook' })}
          />
          <FilterFields
            isNew
            value={given}
            onChange={(part) => setGiven({ ...given, ...part })}
            errorAt={errorAt}
          />
        </>
      )}
    </Form>
  );
}

function FilterList() {
  const pages = usePages<Filter>('admin/filters');
  const { data: stats } = useLoaded<Stats>('moderation/stats', { days: 30 });
  const [secret, setSecret] = useState<string | null>(null);
  const cardOf = (filter: Filter) => stats?.phases.find(({ phase }) => phase === `filter:${filter.name}`);
  return (
    <main class="page">
      <h1>{t('nav.filters')}</h1>
      <p class="soft">{t('filters.intro')}</p>
      {secret !== null && <Once words={t('secret.once')} label={t('secret')} text={secret} />}
      <Paged pages={pages} empty={t('filters.none')}>
        {(items) => (
          <Table
            items={items}
            keyOf={({ id }) => id}
            columns={[
              {
                label: t('me.name'),
                cell: ({ id, name }) => (
                  <a href={hrefOf(['filters', id])}>
                    <bdi>{name}</bdi>
                  </a>
                ),
              },
              { label: t('filters.kind'), cell: ({ kind }) => t(`filters.kind.${kind}`) },
              { label: t('nav.sites'), cell: ({ sites }) => <bdi>{sitesName(sites)}</bdi> },
              { label: t('staff.state'), cell: (filter) => <FilterHealth filter={filter} /> },
              {
                label: t('stats.decided'),
                number: true,
                cell: (filter) => formatNumber(cardOf(filter)?.decided ?? 0),
              },
              {
                label: t('stats.rate'),
                number: true,
                cell: (filter) => formatShare(cardOf(filter)?.rate ?? 0),
              },
            ]}
          />
        )}
      </Paged>
      <NewFilter
        onMade={(made) => {
          setSecret(made);
          void pages.reload();
        }}
      />
    </main>
  );
}

export function FiltersPage() {
  const id = place.value.path[1];
  return id === undefined ? <FilterList /> : <FilterPage key={id} id={id} />;
}

import { useState } from 'preact/hooks';
import { PHASES } from '../admin/policy-fields.ts';
import { phaseName } from '../comment/reasons.ts';
import { counts } from '../counts.ts';
import { go } from '../router.ts';
import { reasonsFor, siteOptions, sites } from '../sites.ts';
import { DayFields } from '../ui/day-fields.tsx';
import { Choice, TextField } from '../ui/fields.tsx';
import { Button } from '../ui/parts.tsx';
import { formatNumber, t } from '../words/index.ts';
import { reasonName } from './dialogs.tsx';
import { type Filter, hrefOfFilter, queryOf, readFilter, TABS } from './filter.ts';

const STANDINGS = ['', 'new', 'known', 'trusted', 'held', 'banned'] as const;
const SORTS = ['', 'newest', 'risk'] as const;

export function Tabs({ filter }: { filter: Filter }) {
  return (
    <nav class="tabs" aria-label={t('queue.tabs')}>
      {TABS.map((status) => (
        <a
          key={status}
          href={hrefOfFilter({ ...filter, status, view: '' })}
          aria-current={status === filter.status && filter.view === '' ? 'page' : undefined}
        >
          {t(`tab.${status}`)}
          {counts.value && status !== 'all' && (
            <span class="count">{formatNumber(counts.value[status])}</span>
          )}
        </a>
      ))}
      {filter.view === 'mine' && (
        <a href={hrefOfFilter(filter)} aria-current="page">
          {t('tab.mine')}
        </a>
      )}
    </nav>
  );
}

const change = (filter: Filter, part: Partial<Filter>): void =>
  go(['queue'], queryOf({ ...filter, ...part }));

function Search({ filter }: { filter: Filter }) {
  const [text, setText] = useState(filter.q);
  return (
    <search class="search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change(filter, { q: text.trim() });
          document.querySelector<HTMLElement>('#search')?.blur();
        }}
      >
        <input
          id="search"
          type="search"
          // Until there is a word whose direction counts, that of the page: so its hint is read from its beginning.
          dir={text === '' ? undefined : 'auto'}
          maxLength={200}
          value={text}
          aria-label={t('search')}
          placeholder={t('search.hint')}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.code === 'Escape') event.currentTarget.blur();
          }}
        />
      </form>
    </search>
  );
}

function More({ filter }: { filter: Filter }) {
  const set = (part: Partial<Filter>) => change(filter, part);
  return (
    <div class="more-filters">
      <Choice
        label={t('filter.phase')}
        value={filter.phase}
        options={[
          ['', t('filter.any')],
          ...[...new Set(['trap', 'too-soon', ...PHASES, filter.phase])]
            .filter(Boolean)
            .map((phase) => [phase, phaseName(phase)] as const),
        ]}
        onChange={(phase) => set({ phase })}
      />
      <Choice
        label={t('standing')}
        value={filter.standing}
        options={STANDINGS.map((one) => [one, one === '' ? t('filter.any') : t(`standing.${one}`)] as const)}
        onChange={(standing) => set({ standing })}
      />
      <Choice
        label={t('reason')}
        value={filter.reason}
        options={[
          ['', t('filter.any')],
          ...[...new Set(reasonsFor(filter.site))].map((one) => [one, reasonName(one)] as const),
        ]}
        onChange={(reason) => set({ reason })}
      />
      <Choice
        label={t('sort')}
        value={filter.sort}
        options={SORTS.map((sort) => [sort, t(`sort.${sort || 'oldest'}` as const)] as const)}
        onChange={(sort) => set({ sort })}
      />
      <TextField
        label={t('filter.page')}
        dir="ltr"
        value={filter.page}
        onChange={(event) => set({ page: event.currentTarget.value.trim() })}
      />
      <DayFields site={filter.site} days={filter} onChange={set} />
    </div>
  );
}

export const narrows = ({ status: _, site: __, view: ___, ...rest }: Filter): boolean =>
  Object.values(rest).some((part) => part !== '');

const NO_FILTER = readFilter(new URLSearchParams());

export function Filters({ filter }: { filter: Filter }) {
  const [open, setOpen] = useState(false);
  return (
    <div class="filters">
      <div class="filter-line">
        {(sites.value?.length ?? 0) > 1 && (
          <select
            aria-label={t('site')}
            value={filter.site}
            onChange={(event) => change(filter, { site: event.currentTarget.value })}
          >
            <option value="">{t('site.all')}</option>
            {siteOptions().map(([id, name]) => (
              <option key={id} value={id} selected={id === filter.site}>
                {name}
              </option>
            ))}
          </select>
        )}
        <Search key={filter.q} filter={filter} />
        <Button aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('filter')}
        </Button>
        {narrows(filter) && (
          <a
            class="button button-plain"
            href={hrefOfFilter({ ...NO_FILTER, status: filter.status, site: filter.site })}
          >
            {t('filter.clear')}
          </a>
        )}
      </div>
      {filter.similarTo !== '' && <p class="soft">{t('similar.shown')}</p>}
      {open && <More filter={filter} />}
    </div>
  );
}

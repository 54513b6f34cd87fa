import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Author } from '../api/types.ts';
import { go, hrefOf, place } from '../router.ts';
import { siteName, siteOptions, sites } from '../sites.ts';
import { Choice, TextField } from '../ui/fields.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain } from '../ui/notices.ts';
import { Age, Button, StandingBadge } from '../ui/parts.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { formatNumber, t } from '../words/index.ts';
import { AuthorPage } from './author-page.tsx';

const STANDINGS = ['new', 'known', 'trusted', 'held', 'banned'] as const;
const SORTS = ['recent', 'comments', 'rejected'] as const;

function AuthorTable({ authors }: { authors: Author[] }) {
  const columns: Column<Author>[] = [
    {
      label: t('me.name'),
      cell: ({ key, site, name, emailMasked }) => (
        <>
          <a href={hrefOf(['authors', key], { site })}>
            <bdi>{name ?? t('nobody')}</bdi>
          </a>{' '}
          <bdi class="soft">{emailMasked}</bdi>
        </>
      ),
    },
    { label: t('standing'), cell: ({ standing }) => <StandingBadge standing={standing} /> },
    { label: t('site'), cell: ({ site }) => <bdi>{siteName(site)}</bdi> },
    ...(['approved', 'rejected', 'spam'] as const).map((status) => ({
      label: t(`status.${status}`),
      number: true,
      cell: ({ counts }: Author) => formatNumber(counts[status]),
    })),
    { label: t('author.last'), cell: ({ lastAt }) => lastAt !== null && <Age at={lastAt} /> },
  ];
  return <Table columns={columns} items={authors} keyOf={({ key, site }) => `${site} ${key}`} />;
}

/** By their address, which stands in no URL; that it was looked for stands in the audit. */
function LookUp() {
  const first = sites.value?.[0]?.id ?? '';
  const [site, setSite] = useState('');
  const [email, setEmail] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = { site: site || first, email };
    const { key } = await api<Author>('moderation/authors/lookup', { method: 'POST', body });
    go(['authors', key], { site: body.site });
  };
  return (
    <details>
      <summary>{t('lookup')}</summary>
      <form class="panel" onSubmit={(event) => void submit(event).catch(complain)}>
        <Choice label={t('site')} value={site || first} options={siteOptions()} onChange={setSite} />
        <TextField
          label={t('email')}
          help={t('lookup.help')}
          type="email"
          dir="ltr"
          required
          value={email}
          onText={setEmail}
        />
        <Button type="submit">{t('search')}</Button>
      </form>
    </details>
  );
}

function Directory() {
  const { query } = place.value;
  const asked = Object.fromEntries(
    ['site', 'standing', 'q', 'sort'].map((name) => [name, query.get(name) ?? '']),
  );
  const pages = usePages<Author>('moderation/authors', asked);
  const change = (part: Record<string, string>): void => go(['authors'], { ...asked, ...part });
  return (
    <main class="page">
      <h1>{t('nav.authors')}</h1>
      <div class="filter-line">
        <Choice
          label={t('site')}
          value={asked.site ?? ''}
          options={[['', t('site.all')], ...siteOptions()]}
          onChange={(site) => change({ site })}
        />
        <Choice
          label={t('standing')}
          value={asked.standing ?? ''}
          options={[['', t('filter.any')], ...STANDINGS.map((one) => [one, t(`standing.${one}`)] as const)]}
          onChange={(standing) => change({ standing })}
        />
        <Choice
          label={t('sort')}
          value={asked.sort || 'recent'}
          options={SORTS.map((one) => [one, t(`authors.${one}`)] as const)}
          onChange={(sort) => change({ sort })}
        />
        <TextField
          label={t('search')}
          value={asked.q ?? ''}
          onChange={(event) => change({ q: event.currentTarget.value.trim() })}
        />
      </div>
      <LookUp />
      <Paged pages={pages} empty={t('authors.none')}>
        {(authors) => <AuthorTable authors={authors} />}
      </Paged>
    </main>
  );
}

export function AuthorsPage() {
  const key = place.value.path[1];
  return key === undefined ? (
    <Directory />
  ) : (
    <AuthorPage author={key} site={place.value.query.get('site') ?? ''} />
  );
}

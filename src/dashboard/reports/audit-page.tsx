import type { AuditEntry } from '../api/types.ts';
import { actName, actorName } from '../comment/reasons.ts';
import { reasonName } from '../queue/dialogs.tsx';
import { go, hrefOf, place } from '../router.ts';
import { siteName, siteOptions } from '../sites.ts';
import { DayFields, daysKnown, momentsOf } from '../ui/day-fields.tsx';
import { Choice } from '../ui/fields.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { Badge } from '../ui/parts.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { formatMoment, language, namesUnder, t } from '../words/index.ts';

/** Every act that has a name, by it. */
const acts = (): [action: string, name: string][] =>
  namesUnder('act').sort(([, one], [, other]) => one.localeCompare(other, language.value));

function Subject({ entry: { commentId, subject, action, site } }: { entry: AuditEntry }) {
  if (commentId !== null) return <a href={hrefOf(['comments', commentId])}>{t('comment')}</a>;
  if (subject !== undefined && action.startsWith('author-') && site !== null) {
    return <a href={hrefOf(['authors', subject], { site })}>{t('author')}</a>;
  }
  return null;
}

function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const columns: Column<AuditEntry>[] = [
    { label: t('audit.at'), cell: ({ at }) => formatMoment(at) },
    {
      label: t('audit.by'),
      cell: ({ by }) => <bdi>{actorName(by)}</bdi>,
    },
    {
      label: t('audit.act'),
      cell: ({ action, from, to }) => (
        <>
          {actName(action)} {to !== null && to !== from && <Badge status={to} />}
        </>
      ),
    },
    { label: t('audit.what'), cell: (entry) => <Subject entry={entry} /> },
    { label: t('site'), cell: ({ site }) => <bdi>{site === null ? '' : siteName(site)}</bdi> },
    {
      label: t('note'),
      cell: ({ reason, note }) => (
        <span dir="auto">{[reason && reasonName(reason), note].filter(Boolean).join(' · ')}</span>
      ),
    },
  ];
  return <Table columns={columns} items={entries} keyOf={({ id }) => id} />;
}

export function AuditPage() {
  const { query } = place.value;
  const read = (name: string): string => query.get(name) ?? '';
  const [site, action, comment, since, until] = ['site', 'action', 'comment', 'since', 'until'].map(read) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const shown = { site, action, comment, since, until };
  const change = (part: Partial<typeof shown>): void => go(['audit'], { ...shown, ...part });
  const pages = usePages<AuditEntry>('moderation/audit', {
    site,
    action,
    commentId: comment,
    ...momentsOf(site, shown),
  });
  return (
    <main class="page">
      <h1>{t('nav.audit')}</h1>
      <div class="filter-line">
        <Choice
          label={t('site')}
          value={site}
          options={[['', t('site.all')], ...siteOptions()]}
          onChange={(next) => change({ site: next })}
        />
        <Choice
          label={t('audit.act')}
          value={action}
          options={[['', t('filter.any')], ...acts()]}
          onChange={(next) => change({ action: next })}
        />
        <DayFields site={site} days={shown} onChange={change} />
      </div>
      {comment !== '' && (
        <p>
          {t('audit.one')} <a href={hrefOf(['audit'])}>{t('filter.clear')}</a>
        </p>
      )}
      <Paged pages={daysKnown(shown) ? pages : { ...pages, items: null }} empty={t('audit.none')}>
        {(entries) => <AuditTable entries={entries} />}
      </Paged>
    </main>
  );
}

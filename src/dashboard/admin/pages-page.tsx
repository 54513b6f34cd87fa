import { useRef, useState } from 'preact/hooks';
import { api, isOvertaken } from '../api/client.ts';
import type { Page, Site } from '../api/types.ts';
import { Elsewhere } from '../comment/card.tsx';
import { hrefOf } from '../router.ts';
import { Choice, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { notify } from '../ui/notices.ts';
import { Button, Dialog } from '../ui/parts.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { formatNumber, type Key, t } from '../words/index.ts';

const MODERATION = ['', 'all', 'first', 'unsure', 'none'] as const;
const CLOSED = ['', 'true', 'false'] as const;

/** What an admin says of one page; what is empty goes as the site does. */
function PageDialog({
  site,
  page,
  onClose,
}: {
  site: Site;
  page: Page;
  onClose: (changed: boolean) => void;
}) {
  const [given, setGiven] = useState({
    title: page.title ?? '',
    closed: page.closed === null ? '' : String(page.closed),
    moderation: page.moderation ?? '',
  });
  const isStale = useRef(false);
  const save = async (): Promise<void> => {
    const body = {
      title: given.title.trim() || null,
      closed: given.closed === '' ? null : given.closed === 'true',
      moderation: given.moderation || null,
      version: page.version,
    };
    try {
      await api(`admin/sites/${site.id}/pages/${page.key}`, { method: 'PATCH', body });
    } catch (error) {
      isStale.current ||= isOvertaken(error);
      throw error;
    }
    notify({ kind: 'good', text: t('saved') });
    onClose(true);
  };
  return (
    <Dialog title={page.title ?? page.url ?? page.id ?? ''} onClose={() => onClose(isStale.current)}>
      <Form submit={t('save')} onSubmit={save}>
        {(errorAt) => (
          <>
            <TextField
              label={t('pages.title')}
              maxLength={300}
              error={errorAt('/title')}
              value={given.title}
              onText={(title) => setGiven({ ...given, title })}
            />
            <Choice
              label={t('pages.comments')}
              value={given.closed}
              options={CLOSED.map((one) => [one, t(`pages.closed.${one || 'site'}` as Key)] as const)}
              onChange={(closed) => setGiven({ ...given, closed })}
            />
            <Choice
              label={t('policy.moderation')}
              value={given.moderation}
              options={MODERATION.map(
                (one) => [one, one === '' ? t('pages.closed.site') : t(`policy.moderation.${one}`)] as const,
              )}
              onChange={(moderation) =>
                setGiven({ ...given, moderation: moderation as typeof given.moderation })
              }
            />
          </>
        )}
      </Form>
    </Dialog>
  );
}

function PageTable({ site, pages, onEdit }: { site: Site; pages: Page[]; onEdit: (page: Page) => void }) {
  const columns: Column<Page>[] = [
    {
      label: t('pages.page'),
      cell: ({ url, id, title }) => (
        <>
          <Elsewhere url={url} text={title ?? url ?? id ?? ''} />{' '}
          {url !== null && (
            <a href={hrefOf(['queue'], { status: 'all', site: site.id, page: url })}>{t('nav.queue')}</a>
          )}
        </>
      ),
    },
    ...(['pending', 'approved'] as const).map((status) => ({
      label: t(`status.${status}`),
      number: true,
      cell: ({ counts }: Page) => formatNumber(counts[status] ?? 0),
    })),
    { label: t('pages.comments'), cell: ({ closed }) => t(`pages.closed.${closed ?? 'site'}` as Key) },
    {
      label: t('action.edit'),
      unseen: true,
      cell: (page) => <Button onClick={() => onEdit(page)}>{t('action.edit')}</Button>,
    },
  ];
  return <Table columns={columns} items={pages} keyOf={({ key }) => key} />;
}

export function PagesPage({ site }: { site: Site }) {
  const [asked, setAsked] = useState({ q: '', sort: 'recent' });
  const [edited, setEdited] = useState<Page | null>(null);
  const pages = usePages<Page>(`admin/sites/${site.id}/pages`, asked);
  return (
    <>
      <div class="filter-line">
        <TextField
          label={t('search')}
          value={asked.q}
          onChange={(event) => setAsked({ ...asked, q: event.currentTarget.value.trim() })}
        />
        <Choice
          label={t('sort')}
          value={asked.sort}
          options={[
            ['recent', t('authors.recent')],
            ['comments', t('authors.comments')],
          ]}
          onChange={(sort) => setAsked({ ...asked, sort })}
        />
      </div>
      <Paged pages={pages} empty={t('pages.none')}>
        {(items) => <PageTable site={site} pages={items} onEdit={setEdited} />}
      </Paged>
      {edited && (
        <PageDialog
          site={site}
          page={edited}
          onClose={(changed) => {
            setEdited(null);
            if (changed) void pages.reload();
          }}
        />
      )}
    </>
  );
}

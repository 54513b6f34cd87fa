import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Page, Site } from '../api/types.ts';
import { Elsewhere } from '../comment/card.tsx';
import { hrefOf } from '../router.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, notify } from '../ui/notices.ts';
import { Button, Choice, Dialog, TextField } from '../ui/parts.tsx';
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
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body = {
      title: given.title.trim() || null,
      closed: given.closed === '' ? null : given.closed === 'true',
      moderation: given.moderation || null,
      version: page.version,
    };
    await api(`admin/sites/${site.id}/pages/${page.key}`, { method: 'PATCH', body });
    notify({ kind: 'good', text: t('saved') });
    onClose(true);
  };
  return (
    <Dialog title={page.title ?? page.url ?? page.id ?? ''} onClose={() => onClose(false)}>
      <form onSubmit={(event) => void submit(event).catch(complain)}>
        <TextField
          label={t('pages.title')}
          maxLength={300}
          value={given.title}
          onInput={(event) => setGiven({ ...given, title: event.currentTarget.value })}
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
          onChange={(moderation) => setGiven({ ...given, moderation: moderation as typeof given.moderation })}
        />
        <p class="actions">
          <Button type="submit" look="main">
            {t('save')}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

function Table({ site, pages, onEdit }: { site: Site; pages: Page[]; onEdit: (page: Page) => void }) {
  return (
    <div class="wide">
      <table class="stacks">
        <thead>
          <tr>
            <th scope="col">{t('pages.page')}</th>
            <th scope="col" class="number">
              {t('status.pending')}
            </th>
            <th scope="col" class="number">
              {t('status.approved')}
            </th>
            <th scope="col">{t('pages.comments')}</th>
            <th scope="col">
              <span class="unseen">{t('action.edit')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pages.map((page) => {
            const { key, url, id, title, counts, closed } = page;
            return (
              <tr key={key}>
                <td data-label={t('pages.page')}>
                  <span>
                    <Elsewhere url={url} text={title ?? url ?? id ?? ''} />{' '}
                    {url !== null && (
                      <a href={hrefOf(['queue'], { status: 'all', site: site.id, page: url })}>
                        {t('nav.queue')}
                      </a>
                    )}
                  </span>
                </td>
                <td class="number" data-label={t('status.pending')}>
                  {formatNumber(counts.pending ?? 0)}
                </td>
                <td class="number" data-label={t('status.approved')}>
                  {formatNumber(counts.approved ?? 0)}
                </td>
                <td data-label={t('pages.comments')}>{t(`pages.closed.${closed ?? 'site'}` as Key)}</td>
                <td>
                  <Button onClick={() => onEdit(page)}>{t('action.edit')}</Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
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
        {(items) => <Table site={site} pages={items} onEdit={setEdited} />}
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

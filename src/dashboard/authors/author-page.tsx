import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Author, ModeratedComment } from '../api/types.ts';
import { Elsewhere } from '../comment/card.tsx';
import { refreshCounts } from '../counts.ts';
import { reasonName } from '../queue/dialogs.tsx';
import { hrefOf } from '../router.ts';
import { reasonsFor, siteName } from '../sites.ts';
import { Choice, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { Paged, useLoaded, usePages, Waiting } from '../ui/loading.tsx';
import { notify } from '../ui/notices.ts';
import { Age, Badge, StandingBadge } from '../ui/parts.tsx';
import { formatMoment, formatNumber, t, tCount } from '../words/index.ts';

const SET = ['trusted', 'held', 'banned', ''] as const;
const EXISTING = ['keep', 'reject', 'spam', 'trash'] as const;
const DAYS = ['', '1', '7', '30', '365'] as const;
const DAY_MS = 86_400_000;

interface Judged {
  author: Author;
  decided: number;
}

/** A person's word on an author, for how long, and what becomes of what they have written. */
function JudgeForm({ author, onJudged }: { author: Author; onJudged: (author: Author) => void }) {
  const [given, setGiven] = useState({
    standing: 'banned',
    days: '',
    existing: 'keep',
    reason: '',
    note: '',
  });
  const set = (part: Partial<typeof given>): void => setGiven({ ...given, ...part });
  const judge = async (): Promise<void> => {
    const { standing, days, existing, reason, note } = given;
    const until = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    const judged = await api<Judged>(`moderation/authors/${author.key}`, {
      method: 'PATCH',
      query: { site: author.site },
      body: {
        standing: standing || null,
        until: standing === '' ? null : until,
        existing,
        reason: reason || null,
        note: note.trim() || null,
        version: author.version,
      },
    });
    notify({ kind: 'good', text: judged.decided > 0 ? tCount('judged', judged.decided) : t('saved') });
    refreshCounts();
    onJudged(judged.author);
  };
  return (
    <Form
      class="panel"
      submit={t('judge.do')}
      look={given.standing === 'banned' ? 'danger' : 'main'}
      onSubmit={judge}
    >
      {(errorAt) => (
        <>
          <h2>{t('judge')}</h2>
          <div class="two">
            <Choice
              label={t('standing')}
              help={t(`judge.${given.standing || 'clear'}` as 'judge.clear')}
              value={given.standing}
              options={SET.map((one) => [one, one === '' ? t('judge.none') : t(`standing.${one}`)] as const)}
              onChange={(standing) => set({ standing })}
            />
            <Choice
              label={t('judge.until')}
              value={given.days}
              error={errorAt('/until')}
              options={DAYS.map(
                (days) => [days, days === '' ? t('judge.ever') : tCount('days', Number(days))] as const,
              )}
              onChange={(days) => set({ days })}
            />
            <Choice
              label={t('judge.existing')}
              value={given.existing}
              options={EXISTING.map((one) => [one, t(`existing.${one}`)] as const)}
              onChange={(existing) => set({ existing })}
            />
            <Choice
              label={t('reason')}
              value={given.reason}
              options={[
                ['', t('reject.plain')],
                ...reasonsFor(author.site).map((one) => [one, reasonName(one)] as const),
              ]}
              onChange={(reason) => set({ reason })}
            />
          </div>
          <TextField
            label={t('note')}
            help={t('note.help')}
            maxLength={1000}
            error={errorAt('/note')}
            value={given.note}
            onText={(note) => set({ note })}
          />
        </>
      )}
    </Form>
  );
}

function Written({ author: { key, site } }: { author: Author }) {
  const pages = usePages<ModeratedComment>('moderation/queue', {
    author: key,
    site,
    status: 'all',
    sort: 'newest',
  });
  return (
    <section>
      <h2>{t('author.comments')}</h2>
      <p>
        <a href={hrefOf(['queue'], { author: key, site, status: 'all' })}>{t('author.queue')}</a>
      </p>
      <Paged pages={pages} empty={t('queue.none')}>
        {(comments) => (
          <ul class="history">
            {comments.map(({ id, body, status, createdAt, page }) => (
              <li key={id}>
                <p>
                  <Badge status={status} />{' '}
                  <a href={hrefOf(['comments', id])}>
                    <Age at={createdAt} />
                  </a>{' '}
                  <bdi class="soft">{page.title ?? page.url}</bdi>
                </p>
                <p class="text" dir="auto">
                  {body?.text ?? t('erased')}
                </p>
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </section>
  );
}

function Facts({ author }: { author: Author }) {
  const { site, names, url, emailMasked, standing, until, by, at, reason, firstAt, lastAt, counts } = author;
  return (
    <div class="panel">
      <p>
        <StandingBadge standing={standing} />{' '}
        {by !== null && at !== null && t('author.setBy', { name: by.name, at: formatMoment(at) })}{' '}
        {until !== null && t('author.until', { at: formatMoment(until) })}{' '}
        {reason !== null && <bdi>{reasonName(reason)}</bdi>}
      </p>
      <p class="soft">
        <bdi>{siteName(site)}</bdi> · <bdi>{emailMasked}</bdi> {url !== null && <Elsewhere url={url} />}
      </p>
      {names.length > 1 && <p>{t('author.names', { names: names.join(' · ') })}</p>}
      <p class="soft">
        {firstAt !== null && (
          <>
            {t('author.first')} <Age at={firstAt} /> ·{' '}
          </>
        )}
        {lastAt !== null && (
          <>
            {t('author.last')} <Age at={lastAt} />
          </>
        )}
      </p>
      <div class="tiles">
        {(['pending', 'approved', 'reported', 'rejected', 'spam', 'trash'] as const).map((status) => (
          <div key={status} class="tile">
            <strong>{formatNumber(counts[status])}</strong>
            {t(`tab.${status}`)}
          </div>
        ))}
      </div>
    </div>
  );
}

export function AuthorPage({ author: key, site }: { author: string; site: string }) {
  const path = `moderation/authors/${encodeURIComponent(key)}`;
  const { data: author, error, reload, replace } = useLoaded<Author>(path, { site });
  return (
    <main class="page">
      <h1>
        <bdi>{author ? (author.name ?? t('nobody')) : t('nav.authors')}</bdi>
      </h1>
      {author ? (
        <>
          <Facts author={author} />
          <JudgeForm author={author} onJudged={replace} />
          <Written key={author.version} author={author} />
        </>
      ) : (
        <Waiting error={error} reload={reload} />
      )}
    </main>
  );
}

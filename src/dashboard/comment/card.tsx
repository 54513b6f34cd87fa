import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { CommentDetail, ModeratedComment, PhaseOutcome, PublicComment } from '../api/types.ts';
import { reasonName } from '../queue/dialogs.tsx';
import { hrefOf } from '../router.ts';
import { siteName } from '../sites.ts';
import { Marked } from '../text/marked.tsx';
import { Age, Badge, StandingBadge } from '../ui/parts.tsx';
import { formatNumber, formatShare, t, tCount } from '../words/index.ts';
import { objections, outcomeName, phaseName, secondReviewWords, weighs, why } from './reasons.ts';

const isWeb = (url: string | null): url is string => url !== null && /^https?:\/\//i.test(url);

/** A link to elsewhere that comes from outside: only to the web, and it tells nobody where it stood. */
export function Elsewhere({ url, text }: { url: string | null; text?: string }) {
  if (!isWeb(url)) return <bdi>{text ?? url ?? ''}</bdi>;
  return (
    <a href={url} target="_blank" rel="nofollow ugc noopener noreferrer">
      <bdi>{text ?? url}</bdi>
    </a>
  );
}

export function AuthorLine({ comment }: { comment: ModeratedComment }) {
  const { author, emailMasked, site, screening } = comment;
  if (!author) return <p class="author-line">{t('nobody')}</p>;
  const name =
    author.name === null ? t('nobody') : <Marked text={author.name} screening={screening} field="name" />;
  return (
    <div class="author-line">
      <strong>
        {author.key === null ? (
          <bdi>{name}</bdi>
        ) : (
          <a href={hrefOf(['authors', author.key], { site })}>
            <bdi>{name}</bdi>
          </a>
        )}
      </strong>
      {author.moderator ? (
        <span class="badge">{t('role.moderator')}</span>
      ) : (
        <StandingBadge standing={author.standing} />
      )}
      {author.key !== null && (
        <span class="soft">
          {t('author.record', { approved: author.approved, rejected: author.rejected, spam: author.spam })}
        </span>
      )}
      {emailMasked !== null && <bdi class="soft">{emailMasked}</bdi>}
      {author.url !== null && <Elsewhere url={author.url} />}
    </div>
  );
}

function Reason({ outcome }: { outcome: PhaseOutcome }) {
  const words = why(outcome);
  return (
    <li class={`reason reason-${outcome.outcome}`}>
      <span class="reason-outcome">{outcomeName(outcome.outcome)}</span>{' '}
      <strong>{phaseName(outcome.phase)}</strong>
      {words !== '' && (
        <span>
          {' — '}
          <bdi>{words}</bdi>
        </span>
      )}
    </li>
  );
}

/** Every phase's word on a comment: what weighed first, what passed behind a fold. */
export function Reasons({ screening }: { screening: PhaseOutcome[] }) {
  const against = objections(screening);
  const rest = screening.filter((outcome) => !weighs(outcome));
  return (
    <section class="reasons" aria-label={t('why.title')}>
      <h2>{t('why.title')}</h2>
      {against.length === 0 ? <p class="soft">{t('why.nothing')}</p> : null}
      <ul>
        {against.map((outcome) => (
          <Reason key={outcome.phase} outcome={outcome} />
        ))}
      </ul>
      {rest.length > 0 && (
        <details>
          <summary>{tCount('why.passed', rest.length)}</summary>
          <ul>
            {rest.map((outcome) => (
              <Reason key={outcome.phase} outcome={outcome} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** The parent of a comment, once it has been fetched; nothing is asked for comments without one. */
function useParent({ id, parentId, version }: ModeratedComment): PublicComment | null {
  const [parent, setParent] = useState<{ of: string; comment: PublicComment | null } | null>(null);
  useEffect(() => {
    if (parentId === null) return undefined;
    const leaving = new AbortController();
    api<CommentDetail>(`moderation/comments/${id}`, { signal: leaving.signal }).then(
      (detail) => setParent({ of: id, comment: detail.parent }),
      // Left already, or gone: the comment stands without its parent then.
      () => undefined,
    );
    return () => leaving.abort();
  }, [id, parentId, version]);
  return parent?.of === id ? parent.comment : null;
}

export function ParentQuote({ parent }: { parent: PublicComment }) {
  return (
    <blockquote class="parent">
      <p class="soft">{t('answers', { name: parent.author?.name ?? t('nobody') })}</p>
      <p key={parent.body?.text} class="text" dir="auto" translate>
        {parent.body?.text ?? t('erased')}
      </p>
    </blockquote>
  );
}

function Reports({ reports }: Pick<ModeratedComment, 'reports'>) {
  if (reports.length === 0) return null;
  return (
    <section class="reports" aria-label={t('reports.title')}>
      <h2>{tCount('reports.count', reports.length)}</h2>
      <ul>
        {reports.map(({ reason, note, at }, index) => (
          <li key={`${index}`}>
            <strong>{reasonName(reason)}</strong> <Age at={at} />
            {note !== null && (
              <p class="text" dir="auto">
                {note}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Where({
  comment: { page, site, createdAt, editedAt, url, id, risk },
}: {
  comment: ModeratedComment;
}) {
  return (
    <p class="where">
      <span>{siteName(site)}</span>
      <Elsewhere url={url ?? page.url} text={page.title ?? page.url ?? page.id ?? ''} />
      <a href={hrefOf(['comments', id])}>
        <Age at={createdAt} />
      </a>
      {editedAt !== null && <span>{t('edited')}</span>}
      {risk > 0 && <span>{t('risk', { share: formatShare(risk) })}</span>}
    </p>
  );
}

/** One comment with all that is needed to decide: its text as it was written, who, where, and why it is here. */
export function CommentCard({
  comment,
  parent: given,
}: {
  comment: ModeratedComment;
  parent?: PublicComment | null;
}) {
  const fetched = useParent(given === undefined ? comment : { ...comment, parentId: null });
  const parent = given ?? fetched;
  const { id, site, body, status, pinned, screening, reports, similar } = comment;
  return (
    <article class="card" aria-label={t('comment.of', { name: comment.author?.name ?? t('nobody') })}>
      <header>
        <Badge status={status} />
        {comment.secondReview && <span class="badge badge-pending">{secondReviewWords(comment)}</span>}
        {pinned && <span class="badge">{t('pinned')}</span>}
        {similar > 0 && (
          <a class="badge" href={hrefOf(['queue'], { status: 'all', site, similarTo: id })}>
            {t('similar', { count: formatNumber(similar) })}
          </a>
        )}
        <Where comment={comment} />
      </header>
      {parent && <ParentQuote parent={parent} />}
      <AuthorLine comment={comment} />
      {/* Browsers that translate put nodes of their own here, and no later text comes into those: it is another element. */}
      <div key={body?.text} class="text body" dir="auto" translate>
        {body === null ? t('erased') : <Marked text={body.text} screening={screening} field="body" />}
      </div>
      <Reports reports={reports} />
      <Reasons screening={screening} />
    </article>
  );
}

import { useRef, useState } from 'preact/hooks';
import { api, post } from '../api/client.ts';
import type { Action, CommentDetail, HistoryEntry } from '../api/types.ts';
import { refreshCounts } from '../counts.ts';
import { EditDialog, ReplyDialog, reasonName } from '../queue/dialogs.tsx';
import { hrefOf, place } from '../router.ts';
import { Rendered } from '../text/rendered.tsx';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { complain } from '../ui/notices.ts';
import { Age, Badge, Button } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { CommentCard } from './card.tsx';
import { actName, actorName } from './reasons.ts';

function Entry({ entry }: { entry: HistoryEntry }) {
  const { by, action, from, to, reason, note, at, undone } = entry;
  return (
    <li>
      <p class={undone ? 'undone' : undefined}>
        <strong>
          <bdi>{actorName(by)}</bdi>
        </strong>{' '}
        {actName(action)} {from !== to && <Badge status={to} />}{' '}
        {reason !== null && <bdi>{reasonName(reason)}</bdi>}{' '}
        <span class="soft">
          <Age at={at} />
        </span>
      </p>
      {undone && <p class="soft">{t('history.undone')}</p>}
      {note !== null && (
        <p class="text" dir="auto">
          {note}
        </p>
      )}
    </li>
  );
}

function History({ history }: Pick<CommentDetail, 'history'>) {
  return (
    <section class="panel">
      <h2>{t('history')}</h2>
      {history.length === 0 ? (
        <p class="soft">{t('history.none')}</p>
      ) : (
        <ol class="history">
          {history.map((entry) => (
            <Entry key={`${entry.decisionId}${entry.at}`} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}

/** The address itself; that it was asked for stands in the audit. */
function Reveal({ id }: { id: string }) {
  const [email, setEmail] = useState<string | null>(null);
  const reveal = async (): Promise<void> => {
    const answer = await api<{ email: string }>(`moderation/comments/${id}/email`, { method: 'POST' });
    setEmail(answer.email);
  };
  if (email !== null) return <bdi>{email}</bdi>;
  return (
    <Button title={t('reveal.help')} onClick={() => void reveal().catch(complain)}>
      {t('reveal')}
    </Button>
  );
}

const ACTIONS: readonly Action[] = ['approve', 'reject', 'spam', 'trash', 'restore'];

function Acts({ comment, reload }: { comment: CommentDetail; reload: () => Promise<void> }) {
  const [writes, setWrites] = useState<'edit' | 'reply' | null>(null);
  const { id, version, pinned } = comment;
  const busy = useRef(false);
  const send = async (path: string, body: object | undefined): Promise<void> => {
    // A second click is about the comment as it was before the first.
    if (busy.current) return;
    busy.current = true;
    try {
      await post(`moderation/comments/${id}/${path}`, body).catch(complain);
      await reload();
    } finally {
      busy.current = false;
      refreshCounts();
    }
  };
  const onClose = (): void => {
    setWrites(null);
    void reload();
  };
  return (
    <div class="actions">
      {ACTIONS.map((action) => (
        <Button key={action} onClick={() => void send('decisions', { action, version })}>
          {t(`action.${action}`)}
        </Button>
      ))}
      <Button onClick={() => setWrites('edit')}>{t('action.edit')}</Button>
      <Button onClick={() => setWrites('reply')}>{t('action.reply')}</Button>
      <Button onClick={() => void send('highlight', { pinned: !pinned })}>
        {pinned ? t('unpin') : t('pin')}
      </Button>
      <Button onClick={() => void send('recheck', undefined)}>{t('recheck')}</Button>
      {comment.emailMasked !== null && <Reveal key={id} id={id} />}
      {writes === 'edit' && <EditDialog comment={comment} onClose={onClose} />}
      {writes === 'reply' && <ReplyDialog comment={comment} onClose={onClose} />}
    </div>
  );
}

export function DetailPage() {
  const id = place.value.path[1] ?? '';
  const {
    data: comment,
    error,
    reload,
  } = useLoaded<CommentDetail>(`moderation/comments/${encodeURIComponent(id)}`);
  if (!comment)
    return (
      <main class="page">
        <h1>{t('comment')}</h1>
        <Waiting error={error} reload={reload} />
      </main>
    );
  const { body, parentId, page, site } = comment;
  return (
    <main class="page">
      <h1>{t('comment.of', { name: comment.author?.name ?? t('nobody') })}</h1>
      {error !== null && <Waiting error={error} reload={reload} />}
      <div class="panel">
        <CommentCard comment={comment} parent={comment.parent} />
        {comment.deleted ? (
          <p class="soft">{t('status.deleted')}</p>
        ) : (
          <Acts comment={comment} reload={reload} />
        )}
      </div>
      <p class="filter-line">
        {parentId !== null && <a href={hrefOf(['comments', parentId])}>{t('detail.parent')}</a>}
        {page.url !== null && (
          <a href={hrefOf(['queue'], { status: 'all', site, page: page.url })}>{t('detail.page')}</a>
        )}
        <a href={hrefOf(['audit'], { comment: id })}>{t('detail.audit')}</a>
      </p>
      {body !== null && (
        <section class="panel">
          <h2>{t('detail.rendered')}</h2>
          <Rendered html={body.html} />
        </section>
      )}
      <History history={comment.history} />
    </main>
  );
}

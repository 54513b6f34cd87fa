import { useLayoutEffect } from 'preact/hooks';
import type { ModeratedComment, Slice } from '../api/types.ts';
import { hrefOf } from '../router.ts';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { Age, Button, Dialog } from '../ui/parts.tsx';
import { formatNumber, t, tCount } from '../words/index.ts';
import type { Wish } from './late.ts';
import { decideMatch } from './match.ts';

const KEYS: Record<string, Wish['action']> = { KeyA: 'approve', KeyR: 'reject', KeyS: 'spam', KeyT: 'trash' };
const SHOWN = 20;

function Copies({ comments }: { comments: ModeratedComment[] }) {
  return (
    <ul class="history copies">
      {comments.map(({ id, author, body, createdAt }) => (
        <li key={id}>
          <p>
            <bdi>{author?.name ?? t('nobody')}</bdi>{' '}
            <a href={hrefOf(['comments', id])}>
              <Age at={createdAt} />
            </a>
          </p>
          <p class="text" dir="auto">
            {body?.text ?? t('erased')}
          </p>
        </li>
      ))}
    </ul>
  );
}

interface SimilarProps {
  comment: ModeratedComment;
  onClose: () => void;
}

/** What waits and says the same, or nearly so, to be decided together with the comment. */
export function SimilarDialog({ comment, onClose }: SimilarProps) {
  const { id, site, status } = comment;
  const query = { similarTo: id, site, status: 'pending', sort: 'newest', limit: SHOWN };
  const { data, error, reload } = useLoaded<Slice<ModeratedComment>>('moderation/queue', query);
  const also = status === 'pending' ? comment : undefined;
  const count = (data?.total ?? 0) + (also ? 1 : 0);
  const decideAll = (action: Wish['action']): void => {
    if (!data || count === 0) return;
    onClose();
    // Newest first: what came after these was not counted here.
    const until = (data.items[0] ?? comment).createdAt;
    const match = { site, status: 'pending' as const, similarTo: id, until };
    void decideMatch({ wish: { action }, match, of: count, also });
  };
  // Before the next event, as every dialog's keys.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = KEYS[event.code];
      if (!action || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      event.preventDefault();
      decideAll(action);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <Dialog title={t('similar.title')} onClose={onClose}>
      {!data && <Waiting error={error} reload={reload} />}
      {data && (
        <>
          <p>{tCount('similar.waiting', count)}</p>
          <div class="decisions">
            {Object.entries(KEYS).map(([code, action]) => (
              <Button
                key={code}
                code={code.slice(3)}
                disabled={count === 0}
                onClick={() => decideAll(action)}
              >
                {t(`action.${action}`)} · {formatNumber(count)}
              </Button>
            ))}
          </div>
          <Copies comments={data.items} />
          <p>
            <a href={hrefOf(['queue'], { status: 'all', site, similarTo: id })}>{t('similar.all')}</a>
          </p>
        </>
      )}
    </Dialog>
  );
}

import { signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { Decided } from '../api/types.ts';
import { CommentCard } from '../comment/card.tsx';
import { actorName } from '../comment/reasons.ts';
import { countSite, refreshCounts } from '../counts.ts';
import { place } from '../router.ts';
import { me } from '../session.ts';
import { daysKnown } from '../ui/day-fields.tsx';
import { Check } from '../ui/fields.tsx';
import { lead } from '../ui/keep-focus.ts';
import { Waiting } from '../ui/loading.tsx';
import { complain } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { formatNumber, t, tCount } from '../words/index.ts';
import { BulkBar, Decisions, Troubles, UndoBar } from './bars.tsx';
import { claimNext, giveBack, RENEW_EVERY, renew } from './claims.ts';
import { AskingDialog } from './dialogs.tsx';
import { type Filter, readFilter } from './filter.ts';
import { Filters, narrows, Tabs } from './filters.tsx';
import { follow } from './follow.ts';
import { ask, isNarrow } from './keys.ts';
import * as list from './list.ts';
import { ListFoot, RowList } from './row-list.tsx';
import { setSoftens, softens } from './soften.ts';

/** On a phone either the list is seen or the comment. */
const showsComment = signal(false);

/** In the browser's history, so that its way back leads to the list as the button does. */
const OPEN = 'open';
addEventListener('popstate', ({ state }) => {
  showsComment.value = state === OPEN;
});

const showComment = (): void => {
  // Where both are seen there is nothing to come back from.
  if (!isNarrow() || showsComment.peek()) return;
  // After a reload, or back from another room, the list stands where a comment was open: one way back is enough.
  if (history.state !== OPEN) history.pushState(OPEN, '');
  showsComment.value = true;
};

function ListTools({ filter }: { filter: Filter }) {
  const { value: all } = list.allChosen;
  return (
    <div class="list-tools">
      <Check label={t('tab.all')} checked={all} onChange={() => (all ? list.choose([]) : list.chooseAll())} />
      {filter.view === 'mine' ? (
        <Button onClick={() => void giveBack()}>{t('claim.release')}</Button>
      ) : (
        <Button code="C" onClick={() => void claimNext()}>
          {t('claim.next')}
        </Button>
      )}
      <Check label={t('soften')} checked={softens.value} onChange={setSoftens} />
    </div>
  );
}

function ListSide({ filter }: { filter: Filter }) {
  const { value: failure } = list.failure;
  const isEmpty = list.rows.value.length === 0;
  return (
    <section class="list-side" aria-label={t('queue.list')}>
      <ListTools filter={filter} />
      {list.fresh.value > 0 && (
        <p class="fresh">
          <Button onClick={() => void list.reload()}>{tCount('fresh', list.fresh.value)}</Button>
        </p>
      )}
      {failure !== null && <Waiting error={failure} reload={list.reload} />}
      {isEmpty &&
        failure === null &&
        (list.loading.value ? (
          <Waiting error={null} reload={list.reload} />
        ) : (
          <p class="empty">
            {t(filter.status === 'pending' && !narrows(filter) ? 'queue.clear' : 'queue.none')}
          </p>
        ))}
      {!isEmpty && <RowList onOpen={showComment} />}
      <ListFoot />
    </section>
  );
}

/** Has the rules look again, by what they are now. */
async function recheck(id: string): Promise<void> {
  try {
    list.refresh((await post<Decided>(`moderation/comments/${id}/recheck`)).comment);
    refreshCounts();
  } catch (error) {
    complain(error);
  }
}

/** On a low screen it is the page that scrolls. */
function showBeginning(element: Element): void {
  if (element.getBoundingClientRect().top < 0) element.scrollIntoView();
}

function CommentSide() {
  const row = list.current.value;
  const id = row?.comment.id;
  const ref = useRef<HTMLDivElement>(null);
  // Each is read from its beginning, however far down the one before was left.
  useLayoutEffect(() => {
    if (!ref.current) return;
    ref.current.scrollTop = 0;
    showBeginning(ref.current);
  }, [id]);
  if (!row) return <section class="comment-side" aria-label={t('comment')} />;
  const { comment, gone } = row;
  return (
    <section class="comment-side" aria-label={t('comment')}>
      {/* Apart from what became of the one before: a word that is written over at once is not read out. */}
      <p class="unseen" role="status">
        <span key={id}>{t('comment.of', { name: comment.author?.name ?? t('nobody') })}</span>
      </p>
      <div class="back-line">
        <Button onClick={() => history.back()}>{t('queue.back')}</Button>
        <Button aria-label={t('previous')} onClick={() => list.move(-1)}>
          ↑
        </Button>
        <Button aria-label={t('next')} onClick={() => list.move(1)}>
          ↓
        </Button>
      </div>
      <div ref={ref} class="comment-scroll">
        {gone && (
          <p class="gone-banner" role="status">
            {t('gone.by', { name: actorName(gone.by), status: t(`status.${gone.status}`) })}
          </p>
        )}
        <CommentCard key={comment.id} comment={comment} />
      </div>
      <div class="comment-actions">
        <Decisions />
        <Button code="E" onClick={() => ask('edit')}>
          {t('action.edit')}
        </Button>
        <Button code="↵" onClick={() => ask('reply')}>
          {t('action.reply')}
        </Button>
        {comment.similar > 0 && (
          <Button code="L" onClick={() => ask('similar')}>
            {t('similar', { count: formatNumber(comment.similar) })}
          </Button>
        )}
        <Button onClick={() => void recheck(comment.id)}>{t('recheck')}</Button>
      </div>
    </section>
  );
}

/** Keeps what is shown, what is counted and what is heard to the filter in the address. */
function useQueue(filter: Filter): void {
  const key = JSON.stringify(filter);
  const known = daysKnown(filter);
  const seen = String(me().sites);
  useEffect(() => {
    if (known) void list.load(filter);
    showsComment.value = false;
  }, [key, known, seen]);
  useEffect(() => {
    countSite(filter.site);
    return follow(filter.site);
  }, [filter.site, seen]);
  useEffect(() => {
    if (filter.view !== 'mine') return undefined;
    const timer = setInterval(() => void renew(), RENEW_EVERY);
    return () => clearInterval(timer);
  }, [filter.view]);
}

/** What is hidden loses the focus: it goes along to the comment, and back to its row. */
function useTurn(): RefObject<HTMLElement | null> {
  const ref = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const { value: isComment } = showsComment;
  useLayoutEffect(() => {
    const to = ref.current?.querySelector<HTMLElement>(
      isComment ? '.comment-side' : '.row-open[aria-current]',
    );
    if (!isFirst.current && to && isNarrow()) {
      lead(to);
      if (isComment) showBeginning(to);
      else to.scrollIntoView({ block: 'nearest' });
    }
    isFirst.current = false;
  }, [isComment]);
  return ref;
}

export function QueuePage() {
  const filter = readFilter(place.value.query);
  useQueue(filter);
  const ref = useTurn();
  return (
    <main
      ref={ref}
      class={`queue${showsComment.value ? ' shows-comment' : ''}${softens.value ? ' softens' : ''}`}
    >
      <h1 class="unseen">{t('nav.queue')}</h1>
      <div class="queue-head">
        <Tabs filter={filter} />
        <Filters filter={filter} />
      </div>
      <div class="troubles">
        <Troubles />
      </div>
      <div class="split">
        <ListSide filter={filter} />
        <CommentSide />
      </div>
      <BulkBar />
      <UndoBar />
      <AskingDialog />
    </main>
  );
}

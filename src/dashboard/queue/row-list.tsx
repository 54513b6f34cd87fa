import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { actorName, objections, phaseName, secondReviewWords } from '../comment/reasons.ts';
import { me } from '../session.ts';
import { siteName, sites } from '../sites.ts';
import { Age, Badge } from '../ui/parts.tsx';
import { formatNumber, isToCome, t } from '../words/index.ts';
import * as list from './list.ts';

/** Rows drawn beyond what is seen, above and below. */
const MARGIN = 4;
/** Two lines on the widest of screens. */
const SNIPPET = 320;

/** So much of a text as can be seen; half a character is none. */
const beginningOf = (text: string): string =>
  text.length <= SNIPPET ? text : `${text.slice(0, SNIPPET).replace(/[\ud800-\udbff]$/, '')}…`;

interface RowProps {
  row: list.Row;
  index: number;
  /** Of the whole list; -1 while more may come. */
  size: number;
  height: number;
  withStatus: boolean;
  isCurrent: boolean;
  isChosen: boolean;
  onOpen: (id: string) => void;
}

function RowNote({ row: { comment, gone } }: { row: list.Row }) {
  if (gone) {
    const name = gone.by?.id === me().id ? t('you') : actorName(gone.by);
    return (
      <span class="row-note gone-note">{t('gone.by', { name, status: t(`status.${gone.status}`) })}</span>
    );
  }
  const { claim } = comment;
  if (claim && isToCome(claim.until)) {
    const isMine = claim.by.id === me().id;
    return <span class="row-note">{isMine ? t('claim.mine') : t('claim.by', { name: claim.by.name })}</span>;
  }
  if (comment.secondReview?.first) return <span class="row-note">{secondReviewWords(comment)}</span>;
  const [first] = objections(comment.screening);
  return first ? <span class="row-note">{phaseName(first.phase)}</span> : null;
}

/** Drawn anew only where one of its props or a signal that it reads has changed: the signals' own doing. */
function RowItem({ row, index, size, height, withStatus, isCurrent, isChosen, onOpen }: RowProps) {
  const { comment, gone } = row;
  const { id, author, body, page, createdAt, status, site } = comment;
  const name = author?.name ?? t('nobody');
  const withSite = (sites.value?.length ?? 0) > 1;
  return (
    <li
      class={`row${isCurrent ? ' is-current' : ''}${gone ? ' is-gone' : ''}`}
      style={{ insetBlockStart: `${index * height}px`, blockSize: `${height}px` }}
      aria-setsize={size}
      aria-posinset={index + 1}
    >
      <input
        type="checkbox"
        checked={isChosen}
        aria-label={t('choose', { name })}
        onChange={(event) => list.toggle(id, event.currentTarget.checked)}
      />
      <button
        type="button"
        class="row-open"
        aria-current={isCurrent ? 'true' : undefined}
        onClick={() => onOpen(id)}
      >
        <span class="row-line">
          <bdi class="row-name">{name}</bdi>
          {withStatus && <Badge status={status} />}
          <Age at={createdAt} />
        </span>
        <span class="row-text" dir="auto">
          {beginningOf(body?.text ?? '')}
        </span>
        <span class="row-line row-foot">
          <RowNote row={row} />
          <bdi class="row-page">
            {[withSite && siteName(site), page.title ?? page.url].filter(Boolean).join(' · ')}
          </bdi>
        </span>
      </button>
    </li>
  );
}

/** The rows that are to be seen, of however many there are; the same object while they are the same. */
function useWindow(height: number) {
  const ref = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ first: 0, end: Math.ceil(800 / height) });
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const look = (): void => {
      const first = Math.max(0, Math.floor(box.scrollTop / height) - MARGIN);
      const end = Math.ceil((box.scrollTop + box.clientHeight) / height) + MARGIN;
      setSeen((before) => (before.first === first && before.end === end ? before : { first, end }));
    };
    const observer = new ResizeObserver(look);
    observer.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [height]);
  return { ref, ...seen };
}

/** The height of a row in pixels, as the sheet says in rem. */
function rowHeight(): number {
  const root = getComputedStyle(document.documentElement);
  return Number.parseFloat(root.fontSize) * Number.parseFloat(root.getPropertyValue('--row'));
}

function keepInSight(box: HTMLElement, index: number, height: number): void {
  const top = index * height;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
}

/** The list beside the comment: of thousands of rows only those in sight are in the document. */
export function RowList({ onOpen }: { onOpen: () => void }) {
  const [height] = useState(rowHeight);
  const all = list.rows.value;
  const { ref, ...seen } = useWindow(height);
  const end = Math.min(all.length, seen.end);
  // A list that has become shorter is seen before the box has said where it stands now.
  const first = Math.max(0, Math.min(seen.first, all.length - (seen.end - seen.first)));
  const { value: currentId } = list.currentId;
  const { value: chosen } = list.chosen;
  const at = list.positions.value.get(currentId ?? '') ?? -1;
  useEffect(() => {
    if (ref.current && at >= 0) keepInSight(ref.current, at, height);
  }, [at, height]);
  useEffect(() => {
    void list.ensureAhead(end);
  }, [end, all.length]);
  const open = useCallback(
    (id: string): void => {
      list.currentId.value = id;
      onOpen();
    },
    [onOpen],
  );
  const size = list.isWhole() ? all.length : -1;
  const withStatus = list.shownFilter()?.status === 'all';
  return (
    <div class="rows" ref={ref}>
      <ul style={{ blockSize: `${all.length * height}px` }} aria-label={t('queue.list')}>
        {all.slice(first, end).map((row, index) => (
          <RowItem
            key={row.comment.id}
            row={row}
            index={first + index}
            size={size}
            height={height}
            withStatus={withStatus}
            isCurrent={row.comment.id === currentId}
            isChosen={chosen.has(row.comment.id)}
            onOpen={open}
          />
        ))}
      </ul>
    </div>
  );
}

/** How many there are, and which one is looked at. */
export function ListFoot() {
  const { value: total } = list.total;
  if (!total) return null;
  const at = (list.positions.value.get(list.currentId.value ?? '') ?? -1) + 1;
  const count = `${formatNumber(total.count)}${total.capped ? '+' : ''}`;
  return <p class="list-foot">{t('queue.position', { at, total: count })}</p>;
}

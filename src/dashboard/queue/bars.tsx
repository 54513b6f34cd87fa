import { useState } from 'preact/hooks';
import { actorName } from '../comment/reasons.ts';
import { sites } from '../sites.ts';
import { Age, Button } from '../ui/parts.tsx';
import { formatNumber, t, tCount } from '../words/index.ts';
import { type Act, acts } from './acts.ts';
import { decide, undo } from './decide.ts';
import { act, askWhy } from './keys.ts';
import { type Conflict, conflicts, failures, forgetConflict } from './late.ts';
import * as list from './list.ts';
import { matchOf, progress, stop } from './match.ts';
import { sessionStats } from './session-stats.ts';

const LINES = ['approve', 'reject', 'spam', 'trash'] as const;
const KEYS = { approve: 'A', reject: 'R', spam: 'S', trash: 'T' } as const;

/** The four decisions, for the current comment or for the chosen. */
export function Decisions() {
  const run = (action: (typeof LINES)[number]): void => {
    if (action === 'reject') askWhy();
    else act({ action });
  };
  return (
    <div class="decisions">
      {LINES.map((action) => (
        <Button
          key={action}
          look={action === 'approve' ? 'main' : 'plain'}
          code={KEYS[action]}
          onClick={() => run(action)}
        >
          {t(`action.${action}`)}
        </Button>
      ))}
    </div>
  );
}

/** Where everything loaded is chosen and there is more: all of it, if a call can say what that is. */
function WholeChoice({ count }: { count: number }) {
  const { value: total } = list.total;
  const filter = list.shownFilter();
  const rows = list.rows.value;
  if (!total || !filter || count < Math.min(rows.length, 1000) || total.count <= count) return null;
  if (!matchOf(filter)) return sites.value && <span class="soft">{t('choose.wholeNot')}</span>;
  const chooseWhole = (): void =>
    list.choose(
      rows.map(({ comment }) => comment.id),
      { all: true },
    );
  return (
    <Button onClick={chooseWhole}>
      {tCount(total.capped ? 'choose.wholeCapped' : 'choose.whole', total.count)}
    </Button>
  );
}

function Working() {
  const { value: work } = progress;
  if (!work) return null;
  const { done, of, stops } = work;
  return (
    <section class="bulk" aria-label={t('bulk')}>
      <progress aria-label={t('bulk')} max={Math.max(of, done)} value={done} />
      <span>{t('queue.position', { at: done, total: formatNumber(Math.max(of, done)) })}</span>
      <Button disabled={stops} onClick={stop}>
        {t('bulk.stop')}
      </Button>
    </section>
  );
}

export function BulkBar() {
  const count = list.chosen.value.size;
  const { value: whole } = list.whole;
  if (progress.value) return <Working />;
  if (count === 0) return null;
  return (
    <section class="bulk" aria-label={t('bulk')}>
      <strong>{tCount('chosen', whole ? (list.total.value?.count ?? count) : count)}</strong>
      {!whole && <WholeChoice count={count} />}
      <Decisions />
      <Button onClick={() => list.choose([])}>{t('chosen.clear')}</Button>
    </section>
  );
}

function words({ action, count, name }: Act): string {
  return name === null
    ? tCount(`bulk.${action}`, count)
    : t(`decided.${action}` as 'decided.approve', { name });
}

/** What was done last; each of the ten can be taken back, and `u` takes the newest. */
export function UndoBar() {
  const [open, setOpen] = useState(false);
  const [last, ...earlier] = acts.value;
  const { decisions, since } = sessionStats.value;
  const hours = Math.max((Date.now() - since) / 3_600_000, 1 / 60);
  return (
    <section class="undo-bar" aria-label={t('undo.bar')}>
      {open && earlier.length > 0 && (
        <ol class="undo-list">
          {earlier.map((one) => (
            <li key={one.key}>
              <span>{words(one)}</span>
              <Button aria-disabled={one.state !== 'done'} onClick={() => void undo(one)}>
                {t('undo')}
              </Button>
            </li>
          ))}
        </ol>
      )}
      <div class="undo-last">
        <span class="undo-words">{last ? words(last) : t('undo.nothing')}</span>
        {last && (
          <Button code="U" aria-disabled={last.state !== 'done'} onClick={() => void undo(last)}>
            {t('undo')}
          </Button>
        )}
        {earlier.length > 0 && (
          <Button aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('undo.more', { count: formatNumber(earlier.length) })}
          </Button>
        )}
        {decisions > 0 && (
          <span class="soft session-stats">
            {t('session.stats', { decisions, pace: Math.round(decisions / hours / 60) || 1 })}
          </span>
        )}
      </div>
    </section>
  );
}

function ConflictNote({ conflict }: { conflict: Conflict }) {
  const { comment, wish, now } = conflict;
  const forget = (): void => forgetConflict(comment.id);
  const leave = (): void => {
    forget();
    list.removeRows(new Set([comment.id]));
  };
  // As it was told: what was done to it since is told anew.
  const goOn = (): void => void decide({ comment, gone: null }, wish);
  const name = comment.author?.name ?? t('nobody');
  return (
    <div class="conflict" role="alert">
      <p>
        {t('conflict', {
          who: actorName(now.by),
          name,
          status: t(`status.${now.status}`),
          wish: t(`action.${wish.action}`),
        })}{' '}
        <Age at={now.at} />
      </p>
      <p class="actions">
        <Button onClick={leave}>{t('conflict.leave')}</Button>
        <Button look="danger" onClick={goOn}>
          {t('conflict.insist', { wish: t(`action.${wish.action}`) })}
        </Button>
      </p>
    </div>
  );
}

/** What came back: decisions that were too late, and those of a bulk that were refused. */
export function Troubles() {
  return (
    <>
      {conflicts.value.map((conflict) => (
        <ConflictNote key={conflict.comment.id} conflict={conflict} />
      ))}
      {failures.value.length > 0 && (
        <div class="conflict" role="alert">
          <p>{tCount('bulk.refused', failures.value.length)}</p>
          <ul>
            {failures.value.map(({ id, name, detail, now }) => (
              <li key={id}>
                <button type="button" class="link" onClick={() => (list.currentId.value = id)}>
                  <bdi>{name}</bdi>
                </button>
                {' — '}
                {now ? t('gone.by', { name: actorName(now.by), status: t(`status.${now.status}`) }) : detail}
              </li>
            ))}
          </ul>
          <p class="actions">
            <Button onClick={() => (failures.value = [])}>{t('close')}</Button>
          </p>
        </div>
      )}
    </>
  );
}

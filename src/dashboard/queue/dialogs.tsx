import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api, post } from '../api/client.ts';
import type { ModeratedComment } from '../api/types.ts';
import { loadSites, sitesFor } from '../sites.ts';
import { Check, Field } from '../ui/fields.tsx';
import { Waiting } from '../ui/loading.tsx';
import { complain, notify, wordsOf } from '../ui/notices.ts';
import { Button, Dialog } from '../ui/parts.tsx';
import { formatNumber, t, tCount, tOr } from '../words/index.ts';
import { type Aim, act, asking } from './keys.ts';
import * as list from './list.ts';
import { SimilarDialog } from './similar-dialog.tsx';

const close = (): void => {
  asking.value = null;
};

export const reasonName = (reason: string): string => tOr(`reason.${reason}`, reason);

/** Reasons that every site of the comments knows; null where not all of the sites are known yet. */
function commonReasons(rows: list.Row[]): string[] | null {
  const ids = new Set(rows.map(({ comment }) => comment.site));
  const sites = [...ids].flatMap(sitesFor);
  if (sites.length < ids.size) return null;
  return (sites[0]?.reasons ?? []).filter((one) => sites.every(({ reasons }) => reasons.includes(one)));
}

/** Why that one, or what is chosen, is rejected: a digit or a click says it and is done. */
export function RejectDialog({ aim }: { aim: Aim }) {
  const reasons = commonReasons(aim.rows);
  const [note, setNote] = useState('');
  /** Waits for the reasons, where it was typed before they were known. */
  const [digit, setDigit] = useState(0);
  const reject = (reason?: string): void => {
    close();
    act({ action: 'reject', reason, note: note.trim() || undefined }, aim);
  };
  useEffect(() => {
    // A site may be newer than what was asked for when the desk was opened.
    if (!reasons) void loadSites();
  }, []);
  // Before the next event: a digit that is typed right behind the `r` is meant for this.
  useLayoutEffect(() => {
    const reason = reasons?.[digit - 1];
    if (reason !== undefined) reject(reason);
    const onKey = ({ code, target }: KeyboardEvent): void => {
      const typed = target instanceof HTMLTextAreaElement ? null : /^(?:Digit|Numpad)([1-9])$/.exec(code);
      setDigit(Number(typed?.[1]));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <Dialog title={aim.many > 0 ? tCount('reject.many', aim.many) : t('reject.title')} onClose={close}>
      <p class="soft">{t('reject.help')}</p>
      <div class="reason-choice">
        {reasons?.map((reason, index) => (
          <Button
            key={reason}
            onClick={() => reject(reason)}
            code={index < 9 ? formatNumber(index + 1) : undefined}
          >
            <bdi>{reasonName(reason)}</bdi>
          </Button>
        ))}
        {!reasons && <Waiting error={null} reload={loadSites} />}
        <Button onClick={() => reject()}>{t('reject.plain')}</Button>
      </div>
      <Field label={t('note')} help={t('note.help')}>
        {(ids) => (
          <textarea
            {...ids}
            rows={2}
            maxLength={1000}
            dir="auto"
            value={note}
            onInput={(event) => {
              setNote(event.currentTarget.value);
              setDigit(0);
            }}
          />
        )}
      </Field>
    </Dialog>
  );
}

interface WritingProps {
  title: string;
  label: string;
  begin: string;
  submit: string;
  extra?: JSX.Element;
  send: (text: string) => Promise<void>;
  onClose: () => void;
}

/** A text to write and send; what was typed stays where sending fails. */
function Writing({ title, label, begin, submit, extra, send, onClose }: WritingProps) {
  const [text, setText] = useState(begin);
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const isLeft = useRef(false);
  useEffect(() => () => (isLeft.current = true), []);
  const onSubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    // Not by the button's `disabled`: it would lose the focus.
    if (busy) return;
    setBusy(true);
    try {
      await send(text);
      // What is open by now may be another one.
      if (!isLeft.current) onClose();
    } catch (error) {
      if (isLeft.current) return complain(error, () => void send(text).catch(complain));
      setWrong(wordsOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => void onSubmit(event)}
        onKeyDown={(event) => {
          if (event.code === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        <Field label={label} error={wrong} help={t('write.help')}>
          {(ids) => (
            <textarea
              {...ids}
              rows={7}
              dir="auto"
              autofocus
              required
              readOnly={busy}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Field>
        {extra}
        <p class="actions">
          <Button type="submit" look="main">
            {submit}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </p>
      </form>
    </Dialog>
  );
}

type Answer = { comment: ModeratedComment };

export function EditDialog({ comment, onClose }: { comment: ModeratedComment; onClose: () => void }) {
  const [opened] = useState(comment);
  const send = async (body: string): Promise<void> => {
    // Where its author said it anew meanwhile, what is written here is about words that no longer stand.
    const { version } = comment.body?.text === opened.body?.text ? comment : opened;
    const path = `moderation/comments/${comment.id}`;
    const answer = await api<Answer>(path, { method: 'PATCH', body: { body, version } });
    list.refresh(answer.comment);
    notify({ kind: 'good', text: t('edit.done') });
  };
  const begin = comment.body?.text ?? '';
  return (
    <Writing
      {...{ begin, send, onClose }}
      title={t('edit.title')}
      label={t('edit.label')}
      submit={t('save')}
    />
  );
}

export function ReplyDialog({ comment, onClose }: { comment: ModeratedComment; onClose: () => void }) {
  const isPending = comment.status === 'pending';
  const [approves, setApproves] = useState(isPending);
  const send = async (body: string): Promise<void> => {
    await post<Answer>(`moderation/comments/${comment.id}/replies`, {
      body,
      approveParent: isPending && approves,
    });
    notify({ kind: 'good', text: t('reply.done') });
    if (isPending && approves && list.shownFilter()?.status === 'pending')
      list.removeRows(new Set([comment.id]));
  };
  const extra = <Check label={t('reply.approve')} checked={approves} onChange={setApproves} />;
  return (
    <Writing
      {...{ send, onClose }}
      begin=""
      title={t('reply.title', { name: comment.author?.name ?? t('nobody') })}
      label={t('reply.label')}
      submit={t('reply.send')}
      extra={isPending ? extra : undefined}
    />
  );
}

/** What the key that was pressed asks for. */
export function AskingDialog() {
  const { value: asked } = asking;
  // Whoever comes back to the queue has not asked again.
  useEffect(() => close, []);
  if (!asked) return null;
  if (asked.kind === 'reject') return <RejectDialog aim={asked.aim} />;
  // As it is by now, where the list still has it.
  const row = list.rows.value.find(({ comment }) => comment.id === asked.comment.id) ?? asked;
  const given = { comment: row.comment, onClose: close };
  if (asked.kind === 'similar') return <SimilarDialog {...given} />;
  if (asked.kind === 'edit') return <EditDialog {...given} />;
  return <ReplyDialog {...given} />;
}

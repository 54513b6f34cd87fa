import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client.ts';
import { holdDraft } from '../router.ts';
import { formatNumber, t } from '../words/index.ts';
import { lead } from './keep-focus.ts';
import { complain, dismiss, notify, wordsOf } from './notices.ts';
import { Button } from './parts.tsx';

/**
 * What the service says is wrong with the field at a JSON pointer, or with a member of it; of one with an item on each
 * of its lines, with which of them.
 */
export type ErrorAt = (pointer: string, field?: { hasLines: boolean }) => string | undefined;

interface FormProps {
  /** What the button says. */
  submit: string;
  look?: 'main' | 'plain' | 'danger';
  disabled?: boolean;
  class?: string;
  /** Sends what was given. An ApiError it rejects with is shown, each part beside its field. */
  onSubmit: () => Promise<void>;
  /** Called at once, so that what no field has asked for is known and said below. */
  children: (errorAt: ErrorAt) => ComponentChildren;
  /** Further buttons. */
  beside?: ComponentChildren;
}

/** What is wrong with the item at an index. */
function ofLine({ pointer = '', detail }: ApiError['errors'][number]): string {
  const index = /\/(\d+)$/.exec(pointer)?.[1];
  return index === undefined ? detail : `${formatNumber(Number(index) + 1)}: ${detail}`;
}

export function Form({ submit, look = 'main', onSubmit, children, beside, disabled, ...rest }: FormProps) {
  const [wrong, setWrong] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = new Set<unknown>();
  const ref = useRef<HTMLFormElement>(null);
  // The first field that is wrong may be screens away from the button.
  useLayoutEffect(() => {
    if (wrong) ref.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [wrong]);
  const sentFrom = useRef<Element | null>(null);
  // What holds the focus loses it where nothing can be written.
  useLayoutEffect(() => {
    const { current: before } = sentFrom;
    if (busy || document.activeElement !== document.body || !(before instanceof HTMLElement)) return;
    before.focus();
    // Nor can a button have it that nothing is left to do for.
    if (document.activeElement === document.body && ref.current) lead(ref.current);
  }, [busy]);
  const isWritten = useRef(false);
  const isLeft = useRef(false);
  const question = useRef(0);
  const unask = (): void => dismiss(question.current);
  useEffect(() => {
    // A dialog asks by itself: what is said behind it can neither be heard nor pressed.
    const isInDialog = ref.current?.closest('dialog') !== null;
    const release = holdDraft({
      isWritten: () => isWritten.current && !isInDialog,
      ask(leave) {
        const run = (): void => {
          isWritten.current = false;
          leave();
        };
        unask();
        question.current = notify({
          kind: 'bad',
          text: t('unsaved'),
          act: { label: t('unsaved.leave'), run },
        });
      },
    });
    return () => {
      isLeft.current = true;
      release();
      unask();
    };
  }, []);
  const errorAt: ErrorAt = (pointer, { hasLines } = { hasLines: false }) => {
    const found = wrong?.errors.filter((error) => `${error.pointer}/`.startsWith(`${pointer}/`)) ?? [];
    for (const error of found) shown.add(error);
    return hasLines && found.length > 0 ? found.map(ofLine).join(' ') : found[0]?.detail;
  };
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    sentFrom.current = document.activeElement;
    setBusy(true);
    // Where it leads to another room, nothing is left behind; and what is sent is no longer asked about.
    isWritten.current = false;
    unask();
    try {
      await onSubmit();
      setWrong(null);
    } catch (error) {
      isWritten.current = true;
      if (!(error instanceof ApiError)) throw error;
      // Nothing here is seen any more.
      if (isLeft.current) complain(error);
      else setWrong(error);
    } finally {
      setBusy(false);
    }
  };
  const fields = children(errorAt);
  return (
    <form
      {...rest}
      ref={ref}
      // What is written once the rest is on its way would go with the answer, unsent.
      inert={busy}
      onInput={({ target }) => {
        // A browser fills passwords in by itself.
        isWritten.current ||= !(target instanceof HTMLInputElement && target.type === 'password');
      }}
      onSubmit={(event) => void send(event)}
    >
      {fields}
      <div class="form-end">
        {wrong && (
          <p class="wrong" role="alert">
            {wordsOf(
              wrong,
              wrong.errors.filter((error) => !shown.has(error)),
            )}
          </p>
        )}
        <p class="actions">
          <Button type="submit" look={look} disabled={busy || disabled}>
            {submit}
          </Button>
          {beside}
        </p>
      </div>
    </form>
  );
}

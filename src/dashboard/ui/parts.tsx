import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Standing, Status } from '../api/types.ts';
import { holdDraft } from '../router.ts';
import { formatAge, formatMoment, t } from '../words/index.ts';
import { giveBackFocus, keepFocus } from './keep-focus.ts';
import { dismiss, notices, spoken } from './notices.ts';
import { singleKeys } from './single-keys.ts';

type ButtonProps = JSX.IntrinsicElements['button'] & { look?: 'main' | 'plain' | 'danger'; code?: string };

/** `code` is the key that does the same, shown beside the words. */
export function Button({ look = 'plain', code, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${look}`}
      data-key={singleKeys.value ? code : undefined}
    >
      {children}
    </button>
  );
}

/** Asks once more before it does what can't be taken back. */
export function SureButton({ children, onClick }: { children: ComponentChildren; onClick: () => void }) {
  const [asks, setAsks] = useState(false);
  // The question is shorter: what stands beside it must not come under the pointer for the second press.
  const width = useRef(0);
  return (
    <Button
      look="danger"
      style={asks ? { minInlineSize: `${width.current}px` } : undefined}
      onBlur={() => setAsks(false)}
      onClick={({ currentTarget }) => {
        if (asks) onClick();
        else width.current = currentTarget.getBoundingClientRect().width;
        setAsks(!asks);
      }}
    >
      {asks ? t('sure') : children}
    </Button>
  );
}

export function Age({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatMoment(at)}>
      {formatAge(at)}
    </time>
  );
}

export const Badge = ({ status }: { status: Status }) => (
  <span class={`badge badge-${status}`}>{t(`status.${status}`)}</span>
);

export const StandingBadge = ({ standing }: { standing: Standing }) => (
  <span class={`badge standing-${standing}`}>{t(`standing.${standing}`)}</span>
);

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

/** All that stands in an element's fields, and what is chosen there. */
const written = (element: Element | null): string =>
  [...(element?.querySelectorAll<HTMLInputElement>('input, select, textarea') ?? [])]
    .map(({ value, checked = false }) => `${value} ${checked}`)
    .join();

/** The browser's own modal: it holds the focus, and Escape closes it; what was typed is not lost by that alone. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const begun = useRef('');
  const [asks, setAsks] = useState(false);
  const id = useId();
  const isWritten = (): boolean => written(ref.current) !== begun.current;
  const ask = (): void => {
    setAsks(true);
    // Where the question stands: Escape once more is no answer to it.
    ref.current?.querySelector('button')?.focus();
  };
  const leave = (event: Event): void => {
    event.preventDefault();
    if (isWritten() && !(asks && event.type === 'click')) ask();
    else onClose();
  };
  // Before the next event: what is typed meanwhile belongs to the dialog already.
  useLayoutEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    begun.current = written(ref.current);
    const release = holdDraft({ isWritten, ask });
    return () => {
      release();
      giveBackFocus(before);
    };
  }, []);
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={onClose}
      onCancel={leave}
      onKeyDown={(event) => {
        // A second one in a row closes it whatever `cancel` says.
        if (event.key === 'Escape') leave(event);
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <Button
          look={asks ? 'danger' : 'plain'}
          aria-label={asks ? undefined : t('close')}
          onBlur={() => setAsks(false)}
          onClick={leave}
        >
          {asks ? `${t('close')} – ${t('sure')}` : '✕'}
        </Button>
      </header>
      {children}
    </dialog>
  );
}

export function Notices() {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (ref.current ? keepFocus(ref.current) : undefined), []);
  return (
    <div ref={ref}>
      <p class="unseen" role="status">
        {spoken.value}
      </p>
      <section class="notices" aria-label={t('notices')}>
        {notices.value.map(({ id, kind, text, act }) => (
          <div key={id} class={`notice notice-${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
            <p dir="auto">{text}</p>
            {act && (
              <Button
                onClick={() => {
                  dismiss(id);
                  act.run();
                }}
              >
                {act.label}
              </Button>
            )}
            <Button onClick={() => dismiss(id)} aria-label={t('close')}>
              ✕
            </Button>
          </div>
        ))}
      </section>
    </div>
  );
}

import type { ComponentChildren, JSX, TargetedEvent, TargetedInputEvent } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Standing, Status } from '../api/types.ts';
import { holdDraft } from '../router.ts';
import { formatAge, formatMoment, t } from '../words/index.ts';
import { giveBackFocus } from './keep-focus.ts';
import { dismiss, notices, spoken } from './notices.ts';

type ButtonProps = JSX.IntrinsicElements['button'] & { look?: 'main' | 'plain' | 'danger'; code?: string };

/** `code` is the key that does the same, shown beside the words. */
export function Button({ look = 'plain', code, children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} class={`button button-${look}`} data-key={code}>
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

interface FieldProps {
  label: string;
  help?: string;
  error?: string;
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren;
}

export function Field({ label, help, error, children }: FieldProps) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {help && (
        <p class="help" id={`${id}-help`}>
          {help}
        </p>
      )}
      {error && (
        <p class="wrong" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

export interface TextProps extends Omit<FieldProps, 'children'> {
  value: string;
  type?: 'text' | 'email' | 'password' | 'date' | 'number' | 'url';
  dir?: 'ltr' | 'auto';
  required?: boolean;
  autocomplete?: string;
  inputMode?: 'numeric';
  pattern?: string;
  placeholder?: string;
  min?: number;
  max?: number;
  step?: number | 'any';
  minLength?: number;
  maxLength?: number;
  onInput?: (event: TargetedInputEvent<HTMLInputElement>) => void;
  onChange?: (event: TargetedEvent<HTMLInputElement>) => void;
  /** The text with every letter. */
  onText?: (value: string) => void;
}

/** Preact ties the roles of an input to its type; ours have none. */
type TextInput = Extract<JSX.IntrinsicElements['input'], { type?: 'text' }>;

export function TextField({ label, help, error, onText, ...input }: TextProps) {
  const written = onText && {
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => onText(event.currentTarget.value),
  };
  return (
    <Field label={label} help={help} error={error}>
      {(ids) => <input dir="auto" {...(input as TextInput)} {...written} {...ids} />}
    </Field>
  );
}

interface ChoiceProps {
  label: string;
  help?: string;
  error?: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

export function Choice({ label, help, error, value, options, onChange }: ChoiceProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(ids) => (
        <select {...ids} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map(([option, words]) => (
            <option key={option} value={option} selected={option === value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckProps {
  label: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export const Check = ({ label, checked, onChange }: CheckProps) => (
  <label class="check">
    <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
    {label}
  </label>
);

interface ChecksProps extends Omit<FieldProps, 'children'> {
  options: readonly (readonly [value: string, label: string])[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Several of a set, in the set's order. */
export function Checks({ label, help, error, options, chosen, onChange }: ChecksProps) {
  const toggle = (value: string, on: boolean): void =>
    onChange(options.map(([one]) => one).filter((one) => (one === value ? on : chosen.includes(one))));
  return (
    <fieldset class="field checks">
      <legend>{label}</legend>
      {options.map(([value, words]) => (
        <Check
          key={value}
          label={<bdi>{words}</bdi>}
          checked={chosen.includes(value)}
          onChange={(on) => toggle(value, on)}
        />
      ))}
      {help && <p class="help">{help}</p>}
      {error && <p class="wrong">{error}</p>}
    </fieldset>
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

/** All that stands in an element's fields. */
const written = (element: Element | null): string =>
  [...(element?.querySelectorAll<HTMLInputElement>('input, textarea') ?? [])]
    .map(({ value }) => value)
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
        if (event.key === 'Escape' && !event.isComposing) leave(event);
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
  return (
    <>
      <p class="unseen" role="status" aria-live="polite">
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
    </>
  );
}

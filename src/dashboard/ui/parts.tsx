import type { ComponentChildren, JSX, TargetedEvent, TargetedInputEvent } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Standing, Status } from '../api/types.ts';
import { formatAge, formatMoment, t } from '../words/index.ts';
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

interface TextProps extends Omit<FieldProps, 'children'> {
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
}

/** Preact ties the roles of an input to its type; ours have none. */
type TextInput = Extract<JSX.IntrinsicElements['input'], { type?: 'text' }>;

export function TextField({ label, help, error, ...input }: TextProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(ids) => <input dir="auto" {...(input as TextInput)} {...ids} />}
    </Field>
  );
}

interface ChoiceProps {
  label: string;
  help?: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange: (value: string) => void;
}

export function Choice({ label, help, value, options, onChange }: ChoiceProps) {
  return (
    <Field label={label} help={help}>
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

/** The browser's own modal: it holds the focus, and Escape closes it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the next event: what is typed meanwhile belongs to the dialog already.
  useLayoutEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={ref} aria-labelledby={id} onClose={onClose}>
      <header>
        <h2 id={id}>{title}</h2>
        <Button onClick={onClose} aria-label={t('close')}>
          ✕
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
            {act && <Button onClick={act.run}>{act.label}</Button>}
            <Button onClick={() => dismiss(id)} aria-label={t('close')}>
              ✕
            </Button>
          </div>
        ))}
      </section>
    </>
  );
}

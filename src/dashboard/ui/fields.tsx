import type { ComponentChildren, JSX, TargetedEvent, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

interface Said {
  help?: string;
  error?: string;
}

/** What stands below a field, and how the field names it to those who can't see that. */
function useSaid({ help, error }: Said) {
  const id = useId();
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
  const below = (
    <>
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
    </>
  );
  return { id, describedBy: described || undefined, below };
}

interface FieldProps extends Said {
  label: string;
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren;
}

export function Field({ label, help, error, children }: FieldProps) {
  const { id, describedBy, below } = useSaid({ help, error });
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': describedBy, 'aria-invalid': error ? true : undefined })}
      {below}
    </div>
  );
}

export interface TextProps extends Omit<FieldProps, 'children'> {
  /** Without it the field keeps its own. */
  value?: string;
  defaultValue?: string;
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
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

export const Check = ({ label, onChange, ...input }: CheckProps) => (
  <label class="check">
    <input type="checkbox" {...input} onChange={(event) => onChange(event.currentTarget.checked)} />
    {label}
  </label>
);

interface SwitchProps extends Said, Pick<CheckProps, 'checked' | 'onChange'> {
  label: string;
}

/** One that is on or off, with what it does. */
export function Switch({ help, error, ...check }: SwitchProps) {
  const { describedBy, below } = useSaid({ help, error });
  return (
    <div class="field">
      <Check {...check} aria-describedby={describedBy} aria-invalid={error ? true : undefined} />
      {below}
    </div>
  );
}

interface ChecksProps extends Omit<FieldProps, 'children'> {
  options: readonly (readonly [value: string, label: string])[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Several of a set, in the set's order. */
export function Checks({ label, help, error, options, chosen, onChange }: ChecksProps) {
  const { describedBy, below } = useSaid({ help, error });
  const toggle = (value: string, on: boolean): void =>
    onChange(options.map(([one]) => one).filter((one) => (one === value ? on : chosen.includes(one))));
  return (
    <fieldset class="field checks" aria-describedby={describedBy}>
      <legend>{label}</legend>
      {options.map(([value, words]) => (
        <Check
          key={value}
          label={<bdi>{words}</bdi>}
          checked={chosen.includes(value)}
          onChange={(on) => toggle(value, on)}
          aria-invalid={error ? true : undefined}
        />
      ))}
      {below}
    </fieldset>
  );
}

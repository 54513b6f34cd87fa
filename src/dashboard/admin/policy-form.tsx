import type { ApiError } from '../api/client.ts';
import { reasonName } from '../queue/dialogs.tsx';
import { Choice, Field, TextField } from '../ui/parts.tsx';
import { type Key, t, tOr } from '../words/index.ts';
import { POLICY, type PolicyField, type PolicyGroup, readPath } from './policy-fields.ts';

interface FieldProps {
  field: PolicyField;
  value: unknown;
  error?: string;
  onChange: (value: unknown) => void;
}

const labelOf = (path: string): string => t(`policy.${path}` as Key);
const helpOf = (path: string): string | undefined => tOr(`policy.${path}.help`, '') || undefined;
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function Switch({ field: { path }, value, onChange }: FieldProps) {
  return (
    <div class="field">
      <label class="check">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {labelOf(path)}
      </label>
      {helpOf(path) && <p class="help">{helpOf(path)}</p>}
    </div>
  );
}

function Lines({ field: { path }, value, error, onChange }: FieldProps) {
  const lines = Array.isArray(value) ? value.map(String) : [];
  return (
    <Field label={labelOf(path)} help={helpOf(path)} error={error}>
      {(ids) => (
        <textarea
          {...ids}
          rows={Math.min(8, lines.length + 1)}
          dir="auto"
          defaultValue={lines.join('\n')}
          onChange={(event) => onChange(linesOf(event.currentTarget.value))}
        />
      )}
    </Field>
  );
}

function Several({ field, value, onChange }: FieldProps) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const options = field.kind === 'set' ? field.options : [];
  const toggle = (option: string, on: boolean): void =>
    onChange(options.filter((one) => (one === option ? on : chosen.includes(one))));
  return (
    <div class="field">
      <p class="help">{labelOf(field.path)}</p>
      {options.map((option) => (
        <label key={option} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            onChange={(event) => toggle(option, event.currentTarget.checked)}
          />
          {t(`policy.${field.path}.${option}` as Key)}
        </label>
      ))}
    </div>
  );
}

function numberOf(text: string, none: boolean): number | null | undefined {
  if (text.trim() === '') return none ? null : undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function PolicyInput(props: FieldProps) {
  const { field, value, error, onChange } = props;
  const { path } = field;
  switch (field.kind) {
    case 'switch':
      return <Switch {...props} />;
    case 'lines':
      return <Lines {...props} />;
    case 'set':
      return <Several {...props} />;
    case 'choice':
      return (
        <Choice
          label={labelOf(path)}
          help={tOr(`policy.${path}.${value}.help`, helpOf(path) ?? '') || undefined}
          value={String(value)}
          options={field.options.map((one) => [one, t(`policy.${path}.${one}` as Key)] as const)}
          onChange={onChange}
        />
      );
    case 'number':
      return (
        <TextField
          label={labelOf(path)}
          help={helpOf(path)}
          error={error}
          type="number"
          dir="ltr"
          min={field.min}
          max={field.max}
          step={field.step ?? 1}
          required={!field.none}
          placeholder={field.none ? t('policy.never') : undefined}
          value={value === null || value === undefined ? '' : String(value)}
          onChange={(event) => {
            const next = numberOf(event.currentTarget.value, field.none === true);
            if (next !== undefined) onChange(next);
          }}
        />
      );
    default:
      return (
        <TextField
          label={labelOf(path)}
          help={helpOf(path)}
          error={error}
          dir="ltr"
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.currentTarget.value.trim())}
        />
      );
  }
}

interface PolicyFormProps {
  policy: Record<string, unknown>;
  wrong: ApiError | null;
  onChange: (path: string, value: unknown) => void;
}

function Group({ group, policy, wrong, onChange }: PolicyFormProps & { group: PolicyGroup }) {
  const errorAt = (path: string): string | undefined =>
    wrong?.errors.find(({ pointer }) => pointer?.startsWith(`/policy/${path.replaceAll('.', '/')}`))?.detail;
  return (
    <fieldset>
      <legend>{t(`policy.group.${group.name}`)}</legend>
      <div class="two">
        {group.fields.map((field) => (
          <PolicyInput
            key={field.path}
            field={field}
            value={readPath(policy, field.path)}
            error={errorAt(field.path)}
            onChange={(value) => onChange(field.path, value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** The whole policy, each setting with what it does. */
export function PolicyForm(props: PolicyFormProps) {
  return POLICY.map((group) => <Group key={group.name} group={group} {...props} />);
}

/** What readers will meet, said from the settings. */
export function ForReaders({ policy }: { policy: Record<string, unknown> }) {
  const lines = [
    policy.closed === true ? t('readers.closed') : t(`readers.${policy.moderation as 'all'}`),
    Array.isArray(policy.requiredFields) && policy.requiredFields.length > 0
      ? t('readers.fields', {
          fields: policy.requiredFields.map((one) => t(`policy.requiredFields.${one as 'name'}`)).join(', '),
        })
      : t('readers.noFields'),
    Number(policy.editWindowSeconds) > 0
      ? t('readers.edit', { minutes: Math.round(Number(policy.editWindowSeconds) / 60) })
      : t('readers.noEdit'),
    policy.tellReason === true
      ? t('readers.reason', { reasons: (policy.reasons as string[]).map(reasonName).join(', ') })
      : t('readers.noReason'),
  ];
  return (
    <section class="panel">
      <h2>{t('readers')}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

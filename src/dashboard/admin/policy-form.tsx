import { phaseName } from '../comment/reasons.ts';
import { Checks, Choice, Field, Switch, TextField } from '../ui/fields.tsx';
import type { ErrorAt } from '../ui/form.tsx';
import { type Key, t, tOr } from '../words/index.ts';
import { POLICY, type PolicyField, type PolicyGroup, readPath } from './policy-fields.ts';

interface FieldProps {
  field: PolicyField;
  value: unknown;
  error?: string;
  onChange: (value: unknown) => void;
}

interface RateLimit {
  limit: number;
  windowSeconds: number;
}

const labelOf = (path: string): string => t(`policy.${path}` as Key);
const helpOf = (path: string): string | undefined => tOr(`policy.${path}.help`, '') || undefined;
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

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

function Several({ field, value, error, onChange }: FieldProps) {
  const { path } = field;
  const options = field.kind === 'set' ? field.options : [];
  const nameOf = (option: string): string =>
    path === 'secondReview' ? phaseName(option) : t(`policy.${path}.${option}` as Key);
  return (
    <Checks
      label={labelOf(path)}
      help={helpOf(path)}
      error={error}
      options={options.map((option) => [option, nameOf(option)] as const)}
      chosen={Array.isArray(value) ? value.map(String) : []}
      onChange={onChange}
    />
  );
}

/** As the installation, without a limit, or so many calls within so many seconds. */
function Rate({ field: { path }, value, error, onChange }: FieldProps) {
  const own = typeof value === 'object' && value !== null ? (value as RateLimit) : null;
  const kind = value === false ? 'off' : own ? 'own' : 'usual';
  const kinds = { usual: null, off: false, own: { limit: 20, windowSeconds: 60 } };
  const set = (part: Partial<RateLimit>): void => onChange({ limit: 20, windowSeconds: 60, ...own, ...part });
  return (
    <div>
      <Choice
        label={labelOf(path)}
        error={error}
        value={kind}
        options={(['usual', 'off', 'own'] as const).map((one) => [one, t(`rate.${one}`)] as const)}
        onChange={(one) => onChange(kinds[one as keyof typeof kinds])}
      />
      {own && (
        <div class="two">
          {(['limit', 'windowSeconds'] as const).map((name) => (
            <TextField
              key={name}
              label={t(`rate.${name}`)}
              type="number"
              dir="ltr"
              min={1}
              required
              value={String(own[name])}
              onChange={(event) => set({ [name]: Number(event.currentTarget.value) })}
            />
          ))}
        </div>
      )}
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
      return (
        <Switch
          label={labelOf(path)}
          help={helpOf(path)}
          error={error}
          checked={value === true}
          onChange={onChange}
        />
      );
    case 'lines':
      return <Lines {...props} />;
    case 'set':
      return <Several {...props} />;
    case 'rate':
      return <Rate {...props} />;
    case 'choice':
      return (
        <Choice
          label={labelOf(path)}
          error={error}
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
          help={field.usual === undefined ? helpOf(path) : t('policy.usual', { count: field.usual })}
          error={error}
          type="number"
          dir="ltr"
          min={field.min}
          max={field.max}
          step={field.step}
          required={!field.none && field.usual === undefined}
          placeholder={field.none ? t('policy.never') : undefined}
          value={value === null || value === undefined ? '' : String(value)}
          onChange={(event) => {
            const mayBeEmpty = field.none === true || field.usual !== undefined;
            const next = numberOf(event.currentTarget.value, mayBeEmpty);
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
  errorAt: ErrorAt;
  onChange: (path: string, value: unknown) => void;
}

function groupOf({ name, fields }: PolicyGroup, { policy, errorAt, onChange }: PolicyFormProps) {
  return (
    <fieldset key={name}>
      <legend>{t(`policy.group.${name}`)}</legend>
      <div class="two">
        {fields.map((field) => (
          <PolicyInput
            key={field.path}
            field={field}
            value={readPath(policy, field.path)}
            error={errorAt(`/policy/${field.path.replaceAll('.', '/')}`, {
              hasLines: field.kind === 'lines',
            })}
            onChange={(value) => onChange(field.path, value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** The whole policy, each setting with what it does. No component: what is wrong with it is asked for at once. */
export const policyFields = (props: PolicyFormProps) => POLICY.map((group) => groupOf(group, props));

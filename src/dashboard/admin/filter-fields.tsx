import type { Filter } from '../api/admin-types.ts';
import { Checks, Choice, Switch, TextField } from '../ui/fields.tsx';
import type { ErrorAt } from '../ui/form.tsx';
import { t } from '../words/index.ts';
import { HookAddress } from './hook-address.tsx';
import { SitesField } from './scope-fields.tsx';

const EVENTS = ['comment.check', 'comment.decided'] as const;
const DISCLOSABLE = ['ip', 'email', 'userAgent'] as const;

/** What an admin says of a filter; numbers as they are typed. */
export interface FilterGiven {
  kind: Filter['kind'];
  name: string;
  url: string;
  /** Akismet's; '' keeps the one that is there. */
  key: string;
  mode: string;
  deadlineMs: string;
  onFailure: string;
  /** Both or neither. */
  approve: string;
  spam: string;
  events: string[];
  sites: string[];
  enabled: boolean;
  disclose: string[];
}

export const NEW_FILTER: FilterGiven = {
  ...{ kind: 'webhook', name: '', url: '', key: '', mode: 'sync', deadlineMs: '2000', onFailure: 'hold' },
  ...{ approve: '', spam: '', events: [...EVENTS], sites: ['*'], enabled: true, disclose: [] },
};

export function givenOf(filter: Filter): FilterGiven {
  const { kind, name, url, mode, deadlineMs, onFailure, thresholds } = filter;
  const { events, sites, enabled, disclose } = filter;
  return {
    ...{ kind, name, mode, onFailure, events, sites, enabled, disclose },
    url: url ?? '',
    key: '',
    deadlineMs: String(deadlineMs),
    approve: String(thresholds?.approve ?? ''),
    spam: String(thresholds?.spam ?? ''),
  };
}

/** The body of a call; only what the kind has. */
export function bodyOf(given: FilterGiven): Record<string, unknown> {
  const { kind, name, url, key, mode, deadlineMs, onFailure, approve, spam } = given;
  const { events, sites, enabled, disclose } = given;
  const hasScore = approve !== '' || spam !== '';
  const common = {
    ...{ name, onFailure, events, sites, enabled, deadlineMs: Number(deadlineMs) },
    thresholds: hasScore ? { approve: Number(approve || 0), spam: Number(spam || 1) } : null,
  };
  return kind === 'akismet' ? { ...common, disclose, ...(key !== '' && { key }) } : { ...common, url, mode };
}

interface FilterFieldsProps {
  value: FilterGiven;
  onChange: (part: Partial<FilterGiven>) => void;
  errorAt: ErrorAt;
  isNew: boolean;
}

function Who({ value, onChange, errorAt, isNew }: FilterFieldsProps) {
  if (value.kind === 'akismet') {
    return (
      <>
        <TextField
          label={t('filters.key')}
          help={t(isNew ? 'filters.keyHelp' : 'filters.keyKept')}
          dir="ltr"
          required={isNew}
          autocomplete="off"
          error={errorAt('/key')}
          value={value.key}
          onText={(key) => onChange({ key })}
        />
        <Checks
          label={t('filters.disclose')}
          help={t('filters.discloseHelp')}
          error={errorAt('/disclose')}
          options={DISCLOSABLE.map((one) => [one, t(`filters.disclose.${one}`)] as const)}
          chosen={value.disclose}
          onChange={(disclose) => onChange({ disclose })}
        />
      </>
    );
  }
  return (
    <>
      <HookAddress value={value.url} errorAt={errorAt} onText={(url) => onChange({ url })} />
      <Choice
        label={t('filters.mode')}
        help={t(`filters.mode.${value.mode as 'sync'}.help`)}
        value={value.mode}
        options={(['sync', 'async'] as const).map((one) => [one, t(`filters.mode.${one}`)] as const)}
        onChange={(mode) => onChange({ mode })}
      />
    </>
  );
}

function Scores({ value, onChange, errorAt }: FilterFieldsProps) {
  return (['approve', 'spam'] as const).map((name) => (
    <TextField
      key={name}
      label={t(`filters.${name}`)}
      help={t('filters.scoreHelp')}
      type="number"
      dir="ltr"
      min={0}
      max={1}
      step="any"
      error={errorAt(`/thresholds/${name}`)}
      value={value[name]}
      onText={(text) => onChange({ [name]: text })}
    />
  ));
}

/** Everything about a filter, each with what it does. */
export function FilterFields(props: FilterFieldsProps) {
  const { value, onChange, errorAt } = props;
  return (
    <>
      <TextField
        label={t('me.name')}
        help={t('filters.nameHelp')}
        required
        maxLength={100}
        error={errorAt('/name')}
        value={value.name}
        onText={(name) => onChange({ name })}
      />
      <Who {...props} />
      <TextField
        label={t('filters.deadline')}
        help={t('filters.deadlineHelp')}
        type="number"
        dir="ltr"
        min={100}
        max={30_000}
        required
        error={errorAt('/deadlineMs')}
        value={value.deadlineMs}
        onText={(deadlineMs) => onChange({ deadlineMs })}
      />
      <Choice
        label={t('filters.onFailure')}
        value={value.onFailure}
        options={(['hold', 'publish'] as const).map((one) => [one, t(`filters.onFailure.${one}`)] as const)}
        onChange={(onFailure) => onChange({ onFailure })}
      />
      <Scores {...props} />
      <Checks
        label={t('filters.events')}
        error={errorAt('/events')}
        options={EVENTS.map((one) => [one, t(`filters.${one}`)] as const)}
        chosen={value.events}
        onChange={(events) => onChange({ events })}
      />
      <SitesField value={value.sites} error={errorAt('/sites')} onChange={(sites) => onChange({ sites })} />
      <Switch
        label={t('hook.enabled')}
        checked={value.enabled}
        onChange={(enabled) => onChange({ enabled })}
      />
    </>
  );
}

import type { Role } from '../api/types.ts';
import { me } from '../session.ts';
import { siteOptions } from '../sites.ts';
import { Checks, Choice, Switch } from '../ui/fields.tsx';
import type { ErrorAt } from '../ui/form.tsx';
import { t } from '../words/index.ts';

export interface Scope {
  role: Role;
  sites: string[];
}

interface SitesProps {
  value: string[];
  error?: string;
  onChange: (sites: string[]) => void;
}

/** On which sites: some, or all there will ever be. Nobody grants more than they have. */
export function SitesField({ value, error, onChange }: SitesProps) {
  const everywhere = value.includes('*');
  return (
    <>
      {me().sites.includes('*') && (
        <Switch label={t('site.all')} checked={everywhere} onChange={(on) => onChange(on ? ['*'] : [])} />
      )}
      {!everywhere && (
        <Checks
          label={t('nav.sites')}
          error={error}
          options={siteOptions()}
          chosen={value}
          onChange={onChange}
        />
      )}
    </>
  );
}

interface ScopeProps {
  value: Scope;
  errorAt: ErrorAt;
  onChange: (scope: Scope) => void;
}

/** What somebody may do, and on which sites. */
export function ScopeFields({ value, errorAt, onChange }: ScopeProps) {
  return (
    <>
      <Choice
        label={t('role')}
        value={value.role}
        options={[
          ['moderator', t('role.moderator')],
          ['admin', t('role.admin')],
        ]}
        onChange={(role) => onChange({ ...value, role: role === 'admin' ? 'admin' : 'moderator' })}
      />
      <SitesField
        value={value.sites}
        error={errorAt('/sites')}
        onChange={(sites) => onChange({ ...value, sites })}
      />
    </>
  );
}

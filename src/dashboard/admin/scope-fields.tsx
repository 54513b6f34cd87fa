import type { Role } from '../api/types.ts';
import { me } from '../session.ts';
import { siteOptions } from '../sites.ts';
import { Check, Checks, Choice } from '../ui/parts.tsx';
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
        <div class="field">
          <Check label={t('site.all')} checked={everywhere} onChange={(on) => onChange(on ? ['*'] : [])} />
        </div>
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
  onChange: (scope: Scope) => void;
}

/** What somebody may do, and on which sites. */
export function ScopeFields({ value, onChange }: ScopeProps) {
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
      <SitesField value={value.sites} onChange={(sites) => onChange({ ...value, sites })} />
    </>
  );
}

import type { Role } from '../api/types.ts';
import { me } from '../session.ts';
import { sites } from '../sites.ts';
import { Choice } from '../ui/parts.tsx';
import { t } from '../words/index.ts';

export interface Scope {
  role: Role;
  sites: string[];
}

interface ScopeProps {
  value: Scope;
  onChange: (scope: Scope) => void;
}

/** What somebody may do, and on which sites; nobody grants more than they have. */
export function ScopeFields({ value, onChange }: ScopeProps) {
  const everywhere = value.sites.includes('*');
  const toggle = (id: string, on: boolean): void => {
    const others = value.sites.filter((one) => one !== id && one !== '*');
    onChange({ ...value, sites: on ? [...others, id] : others });
  };
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
      <div class="field">
        <p class="help">{t('nav.sites')}</p>
        {me().sites.includes('*') && (
          <label class="check">
            <input
              type="checkbox"
              checked={everywhere}
              onChange={(event) => onChange({ ...value, sites: event.currentTarget.checked ? ['*'] : [] })}
            />
            {t('site.all')}
          </label>
        )}
        {!everywhere &&
          sites.value?.map(({ id, name }) => (
            <label key={id} class="check">
              <input
                type="checkbox"
                checked={value.sites.includes(id)}
                onChange={(event) => toggle(id, event.currentTarget.checked)}
              />
              <bdi>{name}</bdi>
            </label>
          ))}
      </div>
    </>
  );
}

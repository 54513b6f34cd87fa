import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Moderator } from '../api/types.ts';
import { siteName } from '../sites.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, notify, wordsOf } from '../ui/notices.ts';
import { Age, Button, Dialog, TextField } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { type Scope, ScopeFields } from './scope-fields.tsx';
import { Copyable } from './snippet.tsx';

/** A link that is shown once. */
interface Link {
  name: string;
  url: string;
}

function Invite({ onMade }: { onMade: (link: Link | null) => void }) {
  const [given, setGiven] = useState<Scope & { name: string; email: string }>({
    ...{ name: '', email: '', role: 'moderator', sites: [] },
  });
  const [wrong, setWrong] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      const made = await api<{ inviteUrl?: string }>('admin/moderators', {
        method: 'POST',
        body: given,
        insist: true,
      });
      onMade(made.inviteUrl ? { name: given.name, url: made.inviteUrl } : null);
      setGiven({ ...given, name: '', email: '' });
      setWrong('');
    } catch (error) {
      setWrong(wordsOf(error));
    }
  };
  return (
    <form class="panel narrow" onSubmit={(event) => void submit(event)}>
      <h2>{t('staff.invite')}</h2>
      <TextField
        label={t('me.name')}
        help={t('me.nameHelp')}
        required
        value={given.name}
        onInput={(event) => setGiven({ ...given, name: event.currentTarget.value })}
      />
      <TextField
        label={t('email')}
        type="email"
        dir="ltr"
        required
        error={wrong}
        value={given.email}
        onInput={(event) => setGiven({ ...given, email: event.currentTarget.value })}
      />
      <ScopeFields value={given} onChange={(scope) => setGiven({ ...given, ...scope })} />
      <Button type="submit" look="main" disabled={given.sites.length === 0}>
        {t('staff.doInvite')}
      </Button>
    </form>
  );
}

function EditStaff({ moderator, onClose }: { moderator: Moderator; onClose: () => void }) {
  const [scope, setScope] = useState<Scope>(moderator);
  const patch = async (body: object): Promise<void> => {
    const { id, version } = moderator;
    await api(`admin/moderators/${id}`, { method: 'PATCH', body: { ...body, version } });
    notify({ kind: 'good', text: t('saved') });
    onClose();
  };
  const isOff = moderator.state === 'disabled';
  return (
    <Dialog title={moderator.name} onClose={onClose}>
      <ScopeFields value={scope} onChange={setScope} />
      <p class="actions">
        <Button
          look="main"
          disabled={scope.sites.length === 0}
          onClick={() => void patch({ role: scope.role, sites: scope.sites }).catch(complain)}
        >
          {t('save')}
        </Button>
        <Button
          look="danger"
          onClick={() => void patch({ state: isOff ? 'active' : 'disabled' }).catch(complain)}
        >
          {isOff ? t('staff.enable') : t('staff.disable')}
        </Button>
      </p>
    </Dialog>
  );
}

function Row({
  moderator,
  onEdit,
  onLink,
}: {
  moderator: Moderator;
  onEdit: () => void;
  onLink: (link: Link) => void;
}) {
  const { id, name, email, role, sites, state, totp, lastSeenAt } = moderator;
  const link = async (): Promise<void> => {
    const kind = state === 'invited' ? 'invite' : 'reset';
    const given = await api<{ inviteUrl?: string; resetUrl?: string }>(`admin/moderators/${id}/${kind}`, {
      method: 'POST',
      insist: true,
    });
    onLink({ name, url: given.inviteUrl ?? given.resetUrl ?? '' });
  };
  return (
    <tr>
      <td data-label={t('me.name')}>
        <span>
          <bdi>{name}</bdi> <bdi class="soft">{email}</bdi>
        </span>
      </td>
      <td data-label={t('role')}>{t(`role.${role}`)}</td>
      <td data-label={t('nav.sites')}>
        <bdi>{sites.includes('*') ? t('site.all') : sites.map(siteName).join(', ')}</bdi>
      </td>
      <td data-label={t('staff.state')}>
        <span>
          {t(`staff.${state}`)} {totp && <span class="badge">{t('staff.totp')}</span>}{' '}
          {lastSeenAt !== null && <Age at={lastSeenAt} />}
        </span>
      </td>
      <td>
        <span class="filter-line">
          <Button onClick={onEdit}>{t('action.edit')}</Button>
          {state !== 'disabled' && (
            <Button onClick={() => void link().catch(complain)}>
              {state === 'invited' ? t('staff.linkInvite') : t('staff.linkReset')}
            </Button>
          )}
        </span>
      </td>
    </tr>
  );
}

export function StaffPage() {
  const pages = usePages<Moderator>('admin/moderators');
  const [edited, setEdited] = useState<Moderator | null>(null);
  const [link, setLink] = useState<Link | null>(null);
  const head = ['me.name', 'role', 'nav.sites', 'staff.state'] as const;
  return (
    <main class="page">
      <h1>{t('nav.staff')}</h1>
      {link && (
        <div class="panel" role="status">
          <p>{t('staff.link', { name: link.name })}</p>
          <Copyable text={link.url} label={t('staff.linkLabel')} />
        </div>
      )}
      <Paged pages={pages} empty="">
        {(moderators) => (
          <div class="wide">
            <table class="stacks">
              <thead>
                <tr>
                  {head.map((key) => (
                    <th key={key} scope="col">
                      {t(key)}
                    </th>
                  ))}
                  <th scope="col">
                    <span class="unseen">{t('action.edit')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {moderators.map((moderator) => (
                  <Row
                    key={moderator.id}
                    moderator={moderator}
                    onEdit={() => setEdited(moderator)}
                    onLink={setLink}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Paged>
      <Invite
        onMade={(made) => {
          setLink(made);
          void pages.reload();
        }}
      />
      {edited && (
        <EditStaff
          moderator={edited}
          onClose={() => {
            setEdited(null);
            void pages.reload();
          }}
        />
      )}
    </main>
  );
}

import { useState } from 'preact/hooks';
import { api, post } from '../api/client.ts';
import type { Moderator } from '../api/types.ts';
import { sitesName } from '../sites.ts';
import { TextField } from '../ui/fields.tsx';
import { type ErrorAt, Form } from '../ui/form.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, notify, wordsOf } from '../ui/notices.ts';
import { Age, Button, Dialog, SureButton } from '../ui/parts.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { t } from '../words/index.ts';
import { type Scope, ScopeFields } from './scope-fields.tsx';
import { Once } from './snippet.tsx';

/** A link that is shown once. */
interface Link {
  name: string;
  url: string;
}

/** What is said of an account where it is made, and where it is edited. */
interface Account extends Scope {
  name: string;
  email: string;
}

interface AccountFieldsProps {
  value: Account;
  onChange: (account: Account) => void;
  errorAt: ErrorAt;
}

function AccountFields({ value, onChange, errorAt }: AccountFieldsProps) {
  return (
    <>
      <TextField
        label={t('me.name')}
        help={t('me.nameHelp')}
        required
        error={errorAt('/name')}
        value={value.name}
        onText={(name) => onChange({ ...value, name })}
      />
      <TextField
        label={t('email')}
        type="email"
        dir="ltr"
        required
        error={errorAt('/email')}
        value={value.email}
        onText={(email) => onChange({ ...value, email })}
      />
      <ScopeFields value={value} errorAt={errorAt} onChange={(scope) => onChange({ ...value, ...scope })} />
    </>
  );
}

function Invite({ onMade }: { onMade: (link: Link | null) => void }) {
  const [given, setGiven] = useState<Account>({
    ...{ name: '', email: '', role: 'moderator', sites: [] },
  });
  const invite = async (): Promise<void> => {
    const made = await post<{ inviteUrl?: string }>('admin/moderators', given);
    onMade(made.inviteUrl ? { name: given.name, url: made.inviteUrl } : null);
    setGiven({ ...given, name: '', email: '' });
  };
  return (
    <Form
      class="panel narrow"
      submit={t('staff.doInvite')}
      disabled={given.sites.length === 0}
      onSubmit={invite}
    >
      {(errorAt) => (
        <>
          <h2>{t('staff.invite')}</h2>
          <AccountFields value={given} onChange={setGiven} errorAt={errorAt} />
        </>
      )}
    </Form>
  );
}

function EditStaff({ moderator, onClose }: { moderator: Moderator; onClose: () => void }) {
  const { id, version, name, email, role, sites } = moderator;
  const [given, setGiven] = useState<Account>({ name, email, role, sites });
  const [wrong, setWrong] = useState<string | null>(null);
  const path = `admin/moderators/${id}`;
  const patch = async (body: object): Promise<void> => {
    await api(path, { method: 'PATCH', body: { ...body, version } });
    notify({ kind: 'good', text: t('saved') });
    onClose();
  };
  const remove = async (): Promise<void> => {
    await api(path, { method: 'DELETE' });
    onClose();
  };
  // In the dialog: what stands behind it can neither be heard nor put away.
  const complainHere = (error: unknown): void => setWrong(wordsOf(error));
  return (
    <Dialog title={name} onClose={onClose}>
      <Form submit={t('save')} disabled={given.sites.length === 0} onSubmit={() => patch(given)}>
        {(errorAt) => <AccountFields value={given} onChange={setGiven} errorAt={errorAt} />}
      </Form>
      {wrong !== null && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <p class="actions">
        {moderator.state === 'disabled' ? (
          <Button onClick={() => void patch({ state: 'active' }).catch(complainHere)}>
            {t('staff.enable')}
          </Button>
        ) : (
          <SureButton onClick={() => void patch({ state: 'disabled' }).catch(complainHere)}>
            {t('staff.disable')}
          </SureButton>
        )}
        <SureButton onClick={() => void remove().catch(complainHere)}>{t('remove')}</SureButton>
      </p>
    </Dialog>
  );
}

async function linkFor({ id, name, state }: Moderator): Promise<Link> {
  const kind = state === 'invited' ? 'invite' : 'reset';
  const given = await post<{ inviteUrl?: string; resetUrl?: string }>(`admin/moderators/${id}/${kind}`);
  return { name, url: given.inviteUrl ?? given.resetUrl ?? '' };
}

interface StaffTableProps {
  moderators: Moderator[];
  onEdit: (moderator: Moderator) => void;
  onLink: (link: Link) => void;
}

function StaffTable({ moderators, onEdit, onLink }: StaffTableProps) {
  const columns: Column<Moderator>[] = [
    {
      label: t('me.name'),
      cell: ({ name, email }) => (
        <>
          <bdi>{name}</bdi> <bdi class="soft">{email}</bdi>
        </>
      ),
    },
    { label: t('role'), cell: ({ role }) => t(`role.${role}`) },
    { label: t('nav.sites'), cell: ({ sites }) => <bdi>{sitesName(sites)}</bdi> },
    {
      label: t('staff.state'),
      cell: ({ state, totp, lastSeenAt }) => (
        <>
          {t(`staff.${state}`)} {totp && <span class="badge">{t('staff.totp')}</span>}{' '}
          {lastSeenAt !== null && <Age at={lastSeenAt} />}
        </>
      ),
    },
    {
      label: t('action.edit'),
      unseen: true,
      cell: (moderator) => (
        <span class="filter-line">
          <Button onClick={() => onEdit(moderator)}>{t('action.edit')}</Button>
          {moderator.state !== 'disabled' && (
            <Button onClick={() => void linkFor(moderator).then(onLink, complain)}>
              {moderator.state === 'invited' ? t('staff.linkInvite') : t('staff.linkReset')}
            </Button>
          )}
        </span>
      ),
    },
  ];
  return <Table columns={columns} items={moderators} keyOf={({ id }) => id} />;
}

export function StaffPage() {
  const pages = usePages<Moderator>('admin/moderators');
  const [edited, setEdited] = useState<Moderator | null>(null);
  const [link, setLink] = useState<Link | null>(null);
  return (
    <main class="page">
      <h1>{t('nav.staff')}</h1>
      {link && (
        <Once words={t('staff.link', { name: link.name })} label={t('staff.linkLabel')} text={link.url} />
      )}
      <Paged pages={pages} empty="">
        {(moderators) => <StaffTable moderators={moderators} onEdit={setEdited} onLink={setLink} />}
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

import { useState } from 'preact/hooks';
import { api, post } from '../api/client.ts';
import type { Token } from '../api/types.ts';
import { sitesName } from '../sites.ts';
import { Choice, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain } from '../ui/notices.ts';
import { Age, SureButton } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';
import { formatMoment, t, tCount } from '../words/index.ts';
import { type Scope, ScopeFields } from './scope-fields.tsx';
import { Once } from './snippet.tsx';

const DAYS = ['', '30', '90', '365'] as const;
const DAY_MS = 86_400_000;

function NewToken({ onMade }: { onMade: (secret: string) => void }) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [scope, setScope] = useState<Scope>({ role: 'moderator', sites: [] });
  const make = async (): Promise<void> => {
    const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    const body = { name, ...scope, expiresAt };
    const { token } = await post<{ token: string }>('admin/tokens', body);
    setName('');
    onMade(token);
  };
  return (
    <Form class="panel narrow" submit={t('tokens.make')} disabled={scope.sites.length === 0} onSubmit={make}>
      {(errorAt) => (
        <>
          <h2>{t('tokens.new')}</h2>
          <TextField
            label={t('me.name')}
            help={t('tokens.nameHelp')}
            required
            error={errorAt('/name')}
            value={name}
            onText={setName}
          />
          <Choice
            label={t('tokens.until')}
            value={days}
            options={DAYS.map(
              (one) => [one, one === '' ? t('judge.ever') : tCount('days', Number(one))] as const,
            )}
            onChange={setDays}
          />
          <ScopeFields value={scope} errorAt={errorAt} onChange={setScope} />
        </>
      )}
    </Form>
  );
}

export function TokensPage() {
  const pages = usePages<Token>('admin/tokens');
  const [secret, setSecret] = useState<string | null>(null);
  const remove = async (id: string): Promise<void> => {
    await api(`admin/tokens/${id}`, { method: 'DELETE' });
    await pages.reload();
  };
  return (
    <main class="page">
      <h1>{t('nav.tokens')}</h1>
      {secret !== null && <Once words={t('tokens.once')} label={t('tokens.secret')} text={secret} />}
      <Paged pages={pages} empty={t('tokens.none')}>
        {(tokens) => (
          <Table
            items={tokens}
            keyOf={({ id }) => id}
            columns={[
              {
                label: t('me.name'),
                cell: ({ name, hint }) => (
                  <>
                    <bdi>{name}</bdi> <bdi class="soft">…{hint}</bdi>
                  </>
                ),
              },
              { label: t('role'), cell: ({ role }) => t(`role.${role}`) },
              { label: t('nav.sites'), cell: ({ sites }) => <bdi>{sitesName(sites)}</bdi> },
              {
                label: t('tokens.until'),
                cell: ({ expiresAt }) => (expiresAt === null ? t('judge.ever') : formatMoment(expiresAt)),
              },
              {
                label: t('tokens.used'),
                cell: ({ lastUsedAt }) => (lastUsedAt === null ? '–' : <Age at={lastUsedAt} />),
              },
              {
                label: t('remove'),
                unseen: true,
                cell: ({ id }) => (
                  <SureButton onClick={() => void remove(id).catch(complain)}>{t('remove')}</SureButton>
                ),
              },
            ]}
          />
        )}
      </Paged>
      <NewToken
        onMade={(made) => {
          setSecret(made);
          void pages.reload();
        }}
      />
    </main>
  );
}

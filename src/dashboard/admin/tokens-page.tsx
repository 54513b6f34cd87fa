import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import type { Token } from '../api/types.ts';
import { siteName } from '../sites.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, wordsOf } from '../ui/notices.ts';
import { Age, Button, Choice, TextField } from '../ui/parts.tsx';
import { formatMoment, t, tCount } from '../words/index.ts';
import { type Scope, ScopeFields } from './scope-fields.tsx';
import { Copyable } from './snippet.tsx';

const DAYS = ['', '30', '90', '365'] as const;
const DAY_MS = 86_400_000;

function NewToken({ onMade }: { onMade: (secret: string) => void }) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [scope, setScope] = useState<Scope>({ role: 'moderator', sites: [] });
  const [wrong, setWrong] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
    try {
      const body = { name, ...scope, expiresAt };
      const { token } = await api<{ token: string }>('admin/tokens', { method: 'POST', body, insist: true });
      setName('');
      setWrong('');
      onMade(token);
    } catch (error) {
      setWrong(wordsOf(error));
    }
  };
  return (
    <form class="panel narrow" onSubmit={(event) => void submit(event)}>
      <h2>{t('tokens.new')}</h2>
      <TextField
        label={t('me.name')}
        help={t('tokens.nameHelp')}
        required
        error={wrong}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <Choice
        label={t('tokens.until')}
        value={days}
        options={DAYS.map(
          (one) => [one, one === '' ? t('judge.ever') : tCount('days', Number(one))] as const,
        )}
        onChange={setDays}
      />
      <ScopeFields value={scope} onChange={setScope} />
      <Button type="submit" look="main" disabled={scope.sites.length === 0}>
        {t('tokens.make')}
      </Button>
    </form>
  );
}

function Row({ token, onRemove }: { token: Token; onRemove: () => void }) {
  const { name, hint, role, sites, expiresAt, lastUsedAt } = token;
  const [asks, setAsks] = useState(false);
  return (
    <tr>
      <td data-label={t('me.name')}>
        <span>
          <bdi>{name}</bdi> <bdi class="soft">…{hint}</bdi>
        </span>
      </td>
      <td data-label={t('role')}>{t(`role.${role}`)}</td>
      <td data-label={t('nav.sites')}>
        <bdi>{sites.includes('*') ? t('site.all') : sites.map(siteName).join(', ')}</bdi>
      </td>
      <td data-label={t('tokens.until')}>{expiresAt === null ? t('judge.ever') : formatMoment(expiresAt)}</td>
      <td data-label={t('tokens.used')}>{lastUsedAt === null ? '–' : <Age at={lastUsedAt} />}</td>
      <td>
        <Button look="danger" onClick={() => (asks ? onRemove() : setAsks(true))}>
          {asks ? t('tokens.sure') : t('tokens.remove')}
        </Button>
      </td>
    </tr>
  );
}

export function TokensPage() {
  const pages = usePages<Token>('admin/tokens');
  const [secret, setSecret] = useState<string | null>(null);
  const head = ['me.name', 'role', 'nav.sites', 'tokens.until', 'tokens.used'] as const;
  const remove = async (id: string): Promise<void> => {
    await api(`admin/tokens/${id}`, { method: 'DELETE' });
    await pages.reload();
  };
  return (
    <main class="page">
      <h1>{t('nav.tokens')}</h1>
      {secret !== null && (
        <div class="panel" role="status">
          <p>{t('tokens.once')}</p>
          <Copyable text={secret} label={t('tokens.secret')} />
        </div>
      )}
      <Paged pages={pages} empty={t('tokens.none')}>
        {(tokens) => (
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
                    <span class="unseen">{t('tokens.remove')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {tokens.map((token) => (
                  <Row key={token.id} token={token} onRemove={() => void remove(token.id).catch(complain)} />
                ))}
              </tbody>
            </table>
          </div>
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

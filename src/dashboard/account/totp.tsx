import { useState } from 'preact/hooks';
import { Copyable } from '../admin/snippet.tsx';
import { api } from '../api/client.ts';
import type { Me } from '../api/types.ts';
import { become, me } from '../session.ts';
import { Form } from '../ui/form.tsx';
import { complain, notify } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { CodeField, PasswordField } from './fields.tsx';
import { QrCode } from './qr-code.tsx';

interface Offer {
  secret: string;
  otpauthUrl: string;
}

const told = (next: Me): void => {
  become(next);
  notify({ kind: 'good', text: t('saved') });
};

/** The secret is on once its first code has come back. */
function Enable() {
  const [offer, setOffer] = useState<Offer | null>(null);
  const [code, setCode] = useState('');
  const begin = async (): Promise<void> => setOffer(await api<Offer>('me/totp', { method: 'POST' }));
  const enable = async (): Promise<void> =>
    told(await api<Me>('me/totp', { method: 'PUT', body: { code: code.trim() } }));
  if (!offer) {
    return (
      <>
        <p class="soft">{t('totp.intro')}</p>
        <Button onClick={() => void begin().catch(complain)}>{t('totp.begin')}</Button>
      </>
    );
  }
  return (
    <Form submit={t('totp.enable')} onSubmit={enable}>
      {(errorAt) => (
        <>
          <p>{t('totp.scan')}</p>
          <QrCode text={offer.otpauthUrl} />
          <Copyable text={offer.secret} label={t('secret')} />
          <p>
            <a href={offer.otpauthUrl}>{t('totp.open')}</a>
          </p>
          <CodeField error={errorAt('/code')} value={code} onText={setCode} />
        </>
      )}
    </Form>
  );
}

function Disable() {
  const [password, setPassword] = useState('');
  const disable = async (): Promise<void> => {
    await api('me/totp', { method: 'DELETE', body: { password } });
    told({ ...me(), totp: false });
  };
  return (
    <Form submit={t('totp.disable')} look="danger" onSubmit={disable}>
      {(errorAt) => (
        <>
          <p>{t('totp.on')}</p>
          <PasswordField error={errorAt('/password')} value={password} onText={setPassword} />
        </>
      )}
    </Form>
  );
}

/** A second factor: a code from an authenticator at every sign-in. */
export function Totp() {
  return (
    <section>
      <h2>{t('totp')}</h2>
      {me().totp ? <Disable /> : <Enable />}
    </section>
  );
}

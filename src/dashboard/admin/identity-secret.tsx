import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { Site } from '../api/types.ts';
import { complain } from '../ui/notices.ts';
import { SureButton } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { Once } from './snippet.tsx';

/** What a site signs with for the readers that are signed in there. */
export function IdentitySecret({ site }: { site: Site }) {
  const [secret, setSecret] = useState<string | null>(null);
  const make = async (): Promise<void> => {
    const path = `admin/sites/${site.id}/identity-secret`;
    setSecret((await post<{ secret: string }>(path)).secret);
  };
  return (
    <section class="panel">
      <h2>{t('identity.title')}</h2>
      <p class="soft">{t('identity.help')}</p>
      {secret !== null && <Once words={t('secret.once')} label={t('secret')} text={secret} />}
      <SureButton onClick={() => void make().catch(complain)}>{t('identity.make')}</SureButton>
    </section>
  );
}

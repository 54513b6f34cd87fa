import { useState } from 'preact/hooks';
import type { Site } from '../api/types.ts';
import { loadSites } from '../sites.ts';
import { Button } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { NewSite } from './new-site.tsx';
import { Snippet } from './snippet.tsx';

/** What an admin sees where there is no site yet. */
export function FirstSite() {
  const [made, setMade] = useState<Site | null>(null);
  return (
    <main class="page narrow">
      <h1>{t('first.title')}</h1>
      {made ? (
        <>
          <p>{t('first.made', { name: made.name })}</p>
          <Snippet site={made} />
          <p class="actions">
            <Button look="main" onClick={() => void loadSites()}>
              {t('nowhere.queue')}
            </Button>
          </p>
        </>
      ) : (
        <>
          <p>{t('first.intro')}</p>
          <NewSite onMade={setMade} />
        </>
      )}
    </main>
  );
}

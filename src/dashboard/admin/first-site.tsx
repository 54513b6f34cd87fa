import { useState } from 'preact/hooks';
import { ApiError, api } from '../api/client.ts';
import type { Site } from '../api/types.ts';
import { loadSites } from '../sites.ts';
import { wordsOf } from '../ui/notices.ts';
import { Button, Choice, TextField } from '../ui/parts.tsx';
import { LANGUAGES, language, t } from '../words/index.ts';
import { Snippet } from './snippet.tsx';

const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);

/** A new site: what it is called, where it is, what it speaks. Everything else has a default. */
export function NewSite({ onMade }: { onMade: (site: Site) => void }) {
  const [given, setGiven] = useState({ name: '', id: '', origin: '', locale: language.peek() as string });
  const [wrong, setWrong] = useState<ApiError | null>(null);
  const set = (part: Partial<typeof given>): void => setGiven({ ...given, ...part });
  const errorAt = (pointer: string): string | undefined =>
    wrong?.errors.find((error) => error.pointer?.startsWith(pointer))?.detail;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { origin, ...rest } = given;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    try {
      const body = { ...rest, origins: origin.split(/[\s,]+/).filter(Boolean), timeZone };
      onMade(await api<Site>('admin/sites', { method: 'POST', body, insist: true }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setWrong(error);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextField
        label={t('site.name')}
        required
        value={given.name}
        error={errorAt('/name')}
        onInput={({ currentTarget: { value } }) =>
          set({ name: value, ...(given.id === idOf(given.name) && { id: idOf(value) }) })
        }
      />
      <TextField
        label={t('site.id')}
        help={t('site.idHelp')}
        dir="ltr"
        required
        pattern="[a-z0-9][a-z0-9\-]*"
        value={given.id}
        error={errorAt('/id')}
        onInput={(event) => set({ id: event.currentTarget.value })}
      />
      <TextField
        label={t('site.origins')}
        help={t('site.originsHelp')}
        dir="ltr"
        required
        placeholder="https://news.example"
        value={given.origin}
        error={errorAt('/origins')}
        onInput={(event) => set({ origin: event.currentTarget.value })}
      />
      <Choice
        label={t('site.locale')}
        value={given.locale}
        options={Object.entries(LANGUAGES)}
        onChange={(locale) => set({ locale })}
      />
      {wrong && wrong.errors.length === 0 && (
        <p class="wrong" role="alert">
          {wordsOf(wrong)}
        </p>
      )}
      <p class="actions">
        <Button type="submit" look="main">
          {t('site.make')}
        </Button>
      </p>
    </form>
  );
}

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
              {t('first.go')}
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

import { useState } from 'preact/hooks';
import { post } from '../api/client.ts';
import type { Site } from '../api/types.ts';
import { Choice, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { language, t } from '../words/index.ts';
import { LANGUAGES } from '../words/languages.ts';

const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);

/** A new site: what it is called, where it is, what it speaks. Everything else has a default. */
export function NewSite({ onMade }: { onMade: (site: Site) => void }) {
  const [given, setGiven] = useState({ name: '', id: '', origin: '', locale: language.peek() as string });
  const set = (part: Partial<typeof given>): void => setGiven({ ...given, ...part });
  const make = async (): Promise<void> => {
    const { origin, ...rest } = given;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const body = { ...rest, origins: origin.split(/[\s,]+/).filter(Boolean), timeZone };
    onMade(await post<Site>('admin/sites', body));
  };
  return (
    <Form submit={t('site.make')} onSubmit={make}>
      {(errorAt) => (
        <>
          <TextField
            label={t('site.name')}
            required
            value={given.name}
            error={errorAt('/name')}
            onText={(name) => set({ name, ...(given.id === idOf(given.name) && { id: idOf(name) }) })}
          />
          <TextField
            label={t('site.id')}
            help={t('site.idHelp')}
            dir="ltr"
            required
            pattern="[a-z0-9][a-z0-9\-]*"
            value={given.id}
            error={errorAt('/id')}
            onText={(id) => set({ id })}
          />
          <TextField
            label={t('site.origins')}
            help={t('site.originsHelp')}
            dir="ltr"
            required
            placeholder="https://news.example"
            value={given.origin}
            error={errorAt('/origins')}
            onText={(origin) => set({ origin })}
          />
          <Choice
            label={t('site.locale')}
            value={given.locale}
            options={Object.entries(LANGUAGES)}
            onChange={(locale) => set({ locale })}
          />
        </>
      )}
    </Form>
  );
}

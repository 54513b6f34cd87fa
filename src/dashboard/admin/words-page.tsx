import { useEffect, useState } from 'preact/hooks';
import { api, isOvertaken } from '../api/client.ts';
import type { ModeratedComment, Site, Wordlist } from '../api/types.ts';
import { hrefOf } from '../router.ts';
import { Field, TextField } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { complain, notify } from '../ui/notices.ts';
import { Badge, Button } from '../ui/parts.tsx';
import { t, tCount } from '../words/index.ts';

interface Found {
  list: 'hold' | 'reject';
  term: string;
  start: number;
  end: number;
}

interface Preview {
  matched: number;
  approvedMatched: number;
  sample: ModeratedComment[];
}

const termsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** What is written, with what a colleague has added to the list meanwhile and without what they took out of it. */
function joined(written: string[], { before, now }: { before: string[]; now: string[] }): string {
  const [mine, old, theirs] = [new Set(written), new Set(before), new Set(now)];
  const kept = written.filter((term) => theirs.has(term) || !old.has(term));
  return [...kept, ...now.filter((term) => !old.has(term) && !mine.has(term))].join('\n');
}

/** Milliseconds after the last letter. */
const PAUSE = 250;

/** What the saved lists find in a text, as one types. */
function LiveTest({ site, version }: { site: Site; version: number }) {
  const [text, setText] = useState('');
  /** With the text that it was found in, whatever has been typed since. */
  const [found, setFound] = useState<{ of: string; matches: Found[] }>({ of: '', matches: [] });
  useEffect(() => {
    if (text === '') return setFound({ of: '', matches: [] });
    let isOver = false;
    const timer = setTimeout(() => {
      const call = { method: 'POST', body: { text } } as const;
      api<{ matches: Found[] }>(`admin/sites/${site.id}/wordlist/test`, call).then(
        ({ matches }) => isOver || setFound({ of: text, matches }),
        complain,
      );
    }, PAUSE);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [text, version]);
  return (
    <section class="panel">
      <h2>{t('words.test')}</h2>
      <Field label={t('words.text')} help={t('words.testHelp')}>
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            dir="auto"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <div role="status">
        {text !== '' && found.of !== '' && found.matches.length === 0 && <p>{t('words.nothing')}</p>}
        <ul>
          {found.matches.map(({ list, term, start, end }) => (
            <li key={`${list}${term}${start}`}>
              <mark>{found.of.slice(start, end)}</mark> — {t(`words.${list}Short`)}: <bdi>{term}</bdi>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** What lists would have done to what has been written, before they are saved. */
function Past({ site, lists }: { site: Site; lists: { hold: string[]; reject: string[] } }) {
  const [days, setDays] = useState('30');
  const [preview, setPreview] = useState<Preview | null>(null);
  const look = (): void => {
    const body = { ...lists, days: Number(days) };
    api<Preview>(`admin/sites/${site.id}/wordlist/preview`, { method: 'POST', body }).then(
      setPreview,
      complain,
    );
  };
  return (
    <section class="panel">
      <h2>{t('words.preview')}</h2>
      <p class="soft">{t('words.previewHelp')}</p>
      <TextField
        label={t('words.days')}
        type="number"
        dir="ltr"
        min={1}
        max={3650}
        value={days}
        onInput={(event) => setDays(event.currentTarget.value)}
      />
      <Button onClick={look}>{t('words.look')}</Button>
      {preview && (
        <div role="status">
          <p>
            {tCount('words.matched', preview.matched)} {tCount('words.approved', preview.approvedMatched)}
          </p>
          <ul class="history">
            {preview.sample.map(({ id, status, body, author }) => (
              <li key={id}>
                <Badge status={status} />{' '}
                <a href={hrefOf(['comments', id])}>
                  <bdi>{author?.name ?? t('nobody')}</bdi>
                </a>
                <p class="text" dir="auto">
                  {body?.text.slice(0, 300)}
                </p>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function Lists({
  site,
  saved,
  onSaved,
}: {
  site: Site;
  saved: Wordlist;
  onSaved: (lists: Wordlist) => void;
}) {
  const [texts, setTexts] = useState({ hold: saved.hold.join('\n'), reject: saved.reject.join('\n') });
  const lists = { hold: termsOf(texts.hold), reject: termsOf(texts.reject) };
  const join = (now: Wordlist): void => {
    const joinedIn = (name: 'hold' | 'reject') =>
      joined(lists[name], { before: saved[name], now: now[name] });
    setTexts({ hold: joinedIn('hold'), reject: joinedIn('reject') });
    onSaved(now);
  };
  const save = async (): Promise<void> => {
    const body = { ...lists, version: saved.version };
    const path = `admin/sites/${site.id}/wordlist`;
    try {
      onSaved(await api<Wordlist>(path, { method: 'PUT', body }));
    } catch (error) {
      if (isOvertaken(error)) join(await api<Wordlist>(path));
      throw error;
    }
    notify({ kind: 'good', text: t('saved') });
  };
  return (
    <>
      <Form submit={t('save')} onSubmit={save}>
        {(errorAt) => (
          <>
            <p class="soft">{t('words.help')}</p>
            <div class="two">
              {(['hold', 'reject'] as const).map((name) => (
                <Field
                  key={name}
                  label={t(`words.${name}`)}
                  help={tCount('words.terms', lists[name].length)}
                  error={errorAt(`/${name}`, { hasLines: true })}
                >
                  {(ids) => (
                    <textarea
                      {...ids}
                      rows={10}
                      dir="auto"
                      spellcheck={false}
                      value={texts[name]}
                      onInput={(event) => setTexts({ ...texts, [name]: event.currentTarget.value })}
                    />
                  )}
                </Field>
              ))}
            </div>
          </>
        )}
      </Form>
      <Past site={site} lists={lists} />
    </>
  );
}

export function WordsPage({ site }: { site: Site }) {
  const { data, error, reload, replace } = useLoaded<Wordlist>(`admin/sites/${site.id}/wordlist`);
  if (!data) return <Waiting error={error} reload={reload} />;
  return (
    <>
      <Lists site={site} saved={data} onSaved={replace} />
      <LiveTest site={site} version={data.version} />
    </>
  );
}

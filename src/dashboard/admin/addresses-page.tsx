import { useState } from 'preact/hooks';
import type { Alias, PagesMoved } from '../api/admin-types.ts';
import { api } from '../api/client.ts';
import type { Site } from '../api/types.ts';
import { Elsewhere } from '../comment/card.tsx';
import { Form } from '../ui/form.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, notify } from '../ui/notices.ts';
import { Check, Field, SureButton, TextField } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';
import { formatNumber, t, tCount } from '../words/index.ts';

interface Added {
  added: number;
  moved: number;
  errors: { line?: number; pointer: string; detail: string }[];
}

interface PartProps {
  path: string;
  onDone: () => void;
}

function OneAlias({ path, onDone }: PartProps) {
  const [given, setGiven] = useState({ alias: '', page: '' });
  const add = async (): Promise<void> => {
    const { added, moved } = await api<Added>(path, { method: 'POST', body: given, insist: true });
    setGiven({ alias: '', page: '' });
    notify({ kind: 'good', text: [tCount('alias.added', added), tCount('alias.moved', moved)].join(' ') });
    onDone();
  };
  return (
    <Form class="panel" look="plain" submit={t('alias.add')} onSubmit={add}>
      {(errorAt) => (
        <div class="two">
          {(['alias', 'page'] as const).map((name) => (
            <TextField
              key={name}
              label={t(`alias.${name}`)}
              type="url"
              dir="ltr"
              required
              error={errorAt(`/${name}`)}
              value={given[name]}
              onText={(text) => setGiven({ ...given, [name]: text })}
            />
          ))}
        </div>
      )}
    </Form>
  );
}

/** Many aliases from a table, with the rows that could not be taken. */
function AliasTable({ path, onDone }: PartProps) {
  const [file, setFile] = useState<File | null>(null);
  const [added, setAdded] = useState<Added | null>(null);
  const send = async (): Promise<void> => {
    if (!file) return;
    // Browsers name the type after the file's ending, or not at all.
    const body = new Blob([file], { type: 'text/csv' });
    setAdded(await api<Added>(path, { method: 'POST', body, insist: true }));
    onDone();
  };
  return (
    <Form class="panel" look="plain" submit={t('alias.send')} disabled={!file} onSubmit={send}>
      {() => (
        <>
          <Field label={t('alias.csv')} help={t('alias.csvHelp')}>
            {(ids) => (
              <input
                {...ids}
                type="file"
                accept=".csv,text/csv"
                onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
              />
            )}
          </Field>
          {added && (
            <div role="status">
              <p>
                {tCount('alias.added', added.added)} {tCount('alias.moved', added.moved)}
              </p>
              <ul>
                {added.errors.map(({ line, pointer, detail }) => (
                  <li key={`${line}${pointer}`}>
                    {t('line', { line: line ?? 0 })} <bdi>{pointer}</bdi> {detail}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </Form>
  );
}

function Moved({ moved, isDry }: { moved: PagesMoved; isDry: boolean }) {
  return (
    <div role="status">
      <p>
        {tCount(isDry ? 'move.would' : 'move.did', moved.pages)} {tCount('move.comments', moved.comments)}{' '}
        {tCount('move.merged', moved.merged)}
      </p>
      <ul>
        {moved.samples.map(({ from, to, comments, merged }) => (
          <li key={from}>
            <bdi>{from}</bdi> → <bdi>{to}</bdi> ({formatNumber(comments)})
            {merged && <span class="badge">{t('move.joins')}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Pages to another place, after a look at what that would do. */
function Moves({ path, onDone }: PartProps) {
  const [given, setGiven] = useState({ from: '', to: '', dryRun: true });
  const [done, setDone] = useState<{ moved: PagesMoved; isDry: boolean } | null>(null);
  const move = async (): Promise<void> => {
    const moved = await api<PagesMoved>(path, { method: 'POST', body: given, insist: true });
    setDone({ moved, isDry: given.dryRun });
    if (!given.dryRun) onDone();
  };
  return (
    <Form
      class="panel"
      look={given.dryRun ? 'plain' : 'danger'}
      submit={given.dryRun ? t('move.try') : t('move.do')}
      onSubmit={move}
    >
      {(errorAt) => (
        <>
          <p class="soft">{t('move.help')}</p>
          <div class="two">
            {(['from', 'to'] as const).map((name) => (
              <TextField
                key={name}
                label={t(`move.${name}`)}
                type="url"
                dir="ltr"
                required
                error={errorAt(`/${name}`)}
                value={given[name]}
                onText={(text) => setGiven({ ...given, [name]: text })}
              />
            ))}
          </div>
          <Check
            label={t('move.dry')}
            checked={given.dryRun}
            onChange={(dryRun) => setGiven({ ...given, dryRun })}
          />
          {done && <Moved {...done} />}
        </>
      )}
    </Form>
  );
}

/** Further addresses of pages, and pages that move. */
export function AddressesPage({ site }: { site: Site }) {
  const path = `admin/sites/${site.id}/pages/aliases`;
  const pages = usePages<Alias>(path);
  const remove = async (alias: string): Promise<void> => {
    await api(path, { method: 'DELETE', query: { alias } });
    await pages.reload();
  };
  const part = { path, onDone: () => void pages.reload() };
  return (
    <>
      <h2>{t('alias.title')}</h2>
      <p class="soft">{t('alias.help')}</p>
      <Paged pages={pages} empty={t('alias.none')}>
        {(items) => (
          <Table
            items={items}
            keyOf={({ id }) => id}
            columns={[
              { label: t('alias.alias'), cell: ({ alias }) => <bdi>{alias}</bdi> },
              { label: t('alias.page'), cell: ({ page }) => <Elsewhere url={page} /> },
              {
                label: t('remove'),
                unseen: true,
                cell: ({ alias }) => (
                  <SureButton onClick={() => void remove(alias).catch(complain)}>{t('remove')}</SureButton>
                ),
              },
            ]}
          />
        )}
      </Paged>
      <OneAlias {...part} />
      <AliasTable {...part} />
      <h2>{t('move.title')}</h2>
      <Moves {...part} path={`admin/sites/${site.id}/pages/moves`} />
    </>
  );
}

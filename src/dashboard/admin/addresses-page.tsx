import { useState } from 'preact/hooks';
import type { Alias } from '../api/admin-types.ts';
import { api, post } from '../api/client.ts';
import type { Site } from '../api/types.ts';
import { Elsewhere } from '../comment/card.tsx';
import { Field } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, notify } from '../ui/notices.ts';
import { SureButton } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';
import { t, tCount } from '../words/index.ts';
import { AddressPair } from './address-pair.tsx';
import { PageMoves } from './page-moves.tsx';

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
    const { added, moved } = await post<Added>(path, given);
    setGiven({ alias: '', page: '' });
    notify({ kind: 'good', text: [tCount('alias.added', added), tCount('alias.moved', moved)].join(' ') });
    onDone();
  };
  return (
    <Form class="panel" look="plain" submit={t('alias.add')} onSubmit={add}>
      {(errorAt) => (
        <AddressPair
          labels={{ alias: t('alias.alias'), page: t('pages.page') }}
          value={given}
          errorAt={errorAt}
          onChange={(name, address) => setGiven({ ...given, [name]: address })}
        />
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
    setAdded(await post<Added>(path, body));
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
              { label: t('pages.page'), cell: ({ page }) => <Elsewhere url={page} /> },
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
      <PageMoves {...part} path={`admin/sites/${site.id}/pages/moves`} />
    </>
  );
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { IMPORT_FORMATS, type Import } from '../api/admin-types.ts';
import { api } from '../api/client.ts';
import { listen } from '../api/live.ts';
import type { Site } from '../api/types.ts';
import { go, place } from '../router.ts';
import { Check, Choice, Field } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { notify } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { Table } from '../ui/table.tsx';
import { formatNumber, formatShare, t, tCount, tOr } from '../words/index.ts';

const STATUSES = ['pending', 'approved', 'rejected', 'spam', 'trash', 'deleted'] as const;

/** The file that was sent last: a dry run is followed by the run itself. */
interface Sent {
  file: File;
  format: string;
}

async function send(site: Site, { file, format }: Sent, dryRun: boolean): Promise<string> {
  const path = `admin/sites/${site.id}/imports`;
  const call = { method: 'POST', body: file, query: { format, dryRun: String(dryRun) } } as const;
  const { importId } = await api<Import>(path, call);
  return importId;
}

interface ChooseProps {
  site: Site;
  onSent: (sent: Sent, importId: string) => void;
}

function ChooseFile({ site, onSent }: ChooseProps) {
  const [file, setFile] = useState<File | null>(null);
  const [format, setFormat] = useState<string>('wordpress');
  const [dry, setDry] = useState(true);
  const begin = async (): Promise<void> => {
    if (file) onSent({ file, format }, await send(site, { file, format }, dry));
  };
  return (
    <Form
      class="panel narrow"
      submit={dry ? t('words.look') : t('import.do')}
      disabled={!file}
      onSubmit={begin}
    >
      {() => (
        <>
          <p class="soft">{t('import.help')}</p>
          <Choice
            label={t('import.format')}
            value={format}
            options={IMPORT_FORMATS.map((one) => [one, t(`import.${one}`)] as const)}
            onChange={setFormat}
          />
          <Field label={t('import.file')}>
            {(ids) => (
              <input
                {...ids}
                type="file"
                onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
              />
            )}
          </Field>
          <Check label={t('import.dry')} checked={dry} onChange={setDry} />
        </>
      )}
    </Form>
  );
}

function Problems({ of: { problems, problemCount } }: { of: Import }) {
  if (problemCount === 0) return <p>{t('import.noProblems')}</p>;
  return (
    <details>
      <summary>{tCount('import.problems', problemCount)}</summary>
      <Table
        items={problems}
        keyOf={({ line, code }) => `${line} ${code}`}
        columns={[
          { label: t('import.line'), number: true, cell: ({ line }) => formatNumber(line) },
          { label: t('import.legacyId'), cell: ({ legacyId }) => <bdi>{legacyId}</bdi> },
          { label: t('import.problem'), cell: ({ code, detail }) => tOr(`import.${code}`, detail) },
        ]}
      />
    </details>
  );
}

/** How far it is: the file is read twice, first to check it. */
function Progress({ of: { state, read, bytes } }: { of: Import }) {
  const share = bytes === 0 ? 0 : read / bytes;
  return (
    <p>
      <progress aria-label={t(`import.state.${state}`)} max={1} value={share} /> {t(`import.state.${state}`)}{' '}
      {formatShare(share)}
    </p>
  );
}

function Result({ of }: { of: Import }) {
  const { state, failure, pages, comments, byStatus, left, dryRun } = of;
  const others = Object.values(left).reduce((sum, count) => sum + count, 0);
  return (
    <section class="panel" aria-live="polite">
      <h2>{dryRun ? t('import.dryTitle') : t('site.tab.import')}</h2>
      {state === 'checking' || state === 'writing' ? (
        <Progress of={of} />
      ) : (
        <p>{t(`import.state.${state}`)}</p>
      )}
      {failure && (
        <p class="wrong" role="alert">
          {failure.line !== null && t('line', { line: failure.line })} <bdi>{failure.reason}</bdi>
        </p>
      )}
      <div class="tiles">
        {(['added', 'unchanged', 'skipped'] as const).map((name) => (
          <div key={name} class="tile">
            <strong>{formatNumber(comments[name])}</strong>
            {t(`import.${name}`)}
          </div>
        ))}
        <div class="tile">
          <strong>{formatNumber(pages)}</strong>
          {t('site.tab.pages')}
        </div>
      </div>
      <ul>
        {STATUSES.map((status) => (
          <li key={status}>
            {t(`status.${status}`)}: {formatNumber(byStatus[status])}
          </li>
        ))}
        {others > 0 && <li>{tCount('import.left', others)}</li>}
      </ul>
      <Problems of={of} />
    </section>
  );
}

/** One import as it goes on, told by the live stream. */
function Shown({ site, id, rest }: { site: Site; id: string; rest: () => Promise<void> }) {
  const path = `admin/sites/${site.id}/imports/${encodeURIComponent(id)}`;
  const { data, error, reload } = useLoaded<Import>(path);
  const isOver = data !== null && (data.state === 'done' || data.state === 'failed');
  useEffect(() => {
    if (isOver) return undefined;
    return listen(
      site.id,
      (kind, told) => {
        const isOurs = kind === 'import' && 'importId' in told && told.importId === id;
        if (isOurs || kind === 'reset') void reload();
      },
      { asks: true },
    );
  }, [site.id, id, isOver]);
  if (!data) return <Waiting error={error} reload={reload} />;
  return (
    <>
      <Result of={data} />
      {data.dryRun && data.state === 'done' && (
        <Form submit={t('import.now')} onSubmit={rest}>
          {() => <p class="soft">{t('import.nowHelp')}</p>}
        </Form>
      )}
    </>
  );
}

/** Comments of another system, or of another installation. Where one is, stands in the address: a reload finds it. */
export function ImportPage({ site }: { site: Site }) {
  const id = place.value.query.get('id');
  const [sent, setSent] = useState<Sent | null>(null);
  const isLeft = useRef(false);
  useEffect(
    () => () => {
      isLeft.current = true;
    },
    [],
  );
  const show = (importId: string | null): void => go(['sites', site.id, 'import'], { id: importId });
  /** A large file takes its time: whoever is in another room by then is told, and not taken from there. */
  const begun = (importId: string): void => {
    const act = { label: t('look'), run: () => show(importId) };
    if (isLeft.current) notify({ kind: 'good', text: `${site.name}: ${t('import.state.checking')}`, act });
    else act.run();
  };
  const rest = async (): Promise<void> => {
    if (sent) begun(await send(site, sent, false));
    else show(null);
  };
  if (id === null) {
    return (
      <ChooseFile
        site={site}
        onSent={(next, importId) => {
          setSent(next);
          begun(importId);
        }}
      />
    );
  }
  return (
    <>
      <Shown key={id} site={site} id={id} rest={rest} />
      <Button onClick={() => show(null)}>{t('import.another')}</Button>
    </>
  );
}

import { useState } from 'preact/hooks';
import type { PagesMoved } from '../api/admin-types.ts';
import { post } from '../api/client.ts';
import { Check } from '../ui/fields.tsx';
import { Form } from '../ui/form.tsx';
import { formatNumber, t, tCount } from '../words/index.ts';
import { AddressPair } from './address-pair.tsx';

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
export function PageMoves({ path, onDone }: { path: string; onDone: () => void }) {
  const [given, setGiven] = useState({ from: '', to: '', dryRun: true });
  const [done, setDone] = useState<{ moved: PagesMoved; isDry: boolean } | null>(null);
  const move = async (): Promise<void> => {
    const moved = await post<PagesMoved>(path, given);
    setDone({ moved, isDry: given.dryRun });
    if (!given.dryRun) onDone();
  };
  return (
    <Form
      class="panel"
      look={given.dryRun ? 'plain' : 'danger'}
      submit={given.dryRun ? t('words.look') : t('move.do')}
      onSubmit={move}
    >
      {(errorAt) => (
        <>
          <p class="soft">{t('move.help')}</p>
          <AddressPair
            labels={{ from: t('move.from'), to: t('move.to') }}
            value={given}
            errorAt={errorAt}
            onChange={(name, address) => setGiven({ ...given, [name]: address })}
          />
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

import { api } from '../api/client.ts';
import type { ModeratedComment } from '../api/types.ts';
import { go } from '../router.ts';
import { me } from '../session.ts';
import { complain, notify } from '../ui/notices.ts';
import { t, tCount } from '../words/index.ts';
import { queryOf } from './filter.ts';
import * as list from './list.ts';

const AT_ONCE = 20;
/** Milliseconds: well within the ten minutes that a claim lasts. */
export const RENEW_EVERY = 4 * 60_000;

type Claimed = { items: ModeratedComment[] };

/** Takes the next ones that nobody has, as the shown filter goes, and shows them alone. */
export async function claimNext(): Promise<void> {
  const filter = list.shownFilter();
  if (!filter) return;
  const { site, status, q, phase } = filter;
  try {
    const body = { site: site || null, status, q: q || null, phase: phase || null, limit: AT_ONCE };
    const { items } = await api<Claimed>('moderation/claims', { method: 'POST', body });
    if (items.length === 0) {
      notify({ kind: 'bad', text: t('claim.none') });
      return;
    }
    notify({ kind: 'good', text: tCount('claim.taken', items.length) });
    if (filter.view === 'mine') await list.reload();
    else go(['queue'], { ...queryOf(filter), view: 'mine' });
  } catch (error) {
    complain(error);
  }
}

/** Gives back everything that is claimed, and shows the whole queue again. */
export async function giveBack(): Promise<void> {
  try {
    await api('moderation/claims', { method: 'DELETE' });
    const filter = list.shownFilter();
    go(['queue'], filter ? { ...queryOf(filter), view: '' } : {});
  } catch (error) {
    complain(error);
  }
}

/** Renews all that is claimed. What ran out, as while the machine slept, is shown as this moderator's no longer. */
export async function renew(): Promise<void> {
  try {
    const { items } = await api<Claimed>('moderation/claims', { method: 'PATCH', body: {} });
    const held = new Set(items.map(({ id }) => id));
    const isLost = ({ comment: { id, claim } }: list.Row): boolean =>
      claim?.by.id === me().id && !held.has(id);
    if (list.shownFilter()?.view === 'mine' && list.rows.peek().some(isLost)) await list.reload();
  } catch (error) {
    complain(error);
  }
}

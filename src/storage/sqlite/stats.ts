import type { Database } from 'better-sqlite3';
import type { Volume } from '../../comments/tallies.ts';
import { VOLUMES } from '../../comments/tallies.ts';
import type { StatsStore, TallySum } from '../../moderation/stats-store.ts';
import { addToRest, noVolume } from '../../moderation/stats-store.ts';

/** The sums of one stretch; binds the site and two slots. */
export function talliesSql(): string {
  return `SELECT what, sum(n) AS n, max(slot) AS last FROM tallies
    WHERE site = ? AND slot >= ? AND slot < ? GROUP BY what HAVING sum(n) <> 0`;
}

const isVolume = (what: string): what is Volume => (VOLUMES as readonly string[]).includes(what);
const turnOfOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** StatsStore on SQLite: stretch by stretch and site by site, so that nobody waits for longer than a day's reading takes. */
export function createStatsStore(db: Database): StatsStore {
  const statement = db.prepare<[string, number, number], TallySum>(talliesSql());
  return {
    async tallies({ sites, bounds }) {
      const volumes: Record<Volume, number>[] = [];
      const rest = new Map<string, TallySum>();
      for (const [index, until] of bounds.slice(1).entries()) {
        const volume = noVolume();
        for (const site of sites) {
          for (const sum of statement.all(site, bounds[index] ?? until, until)) {
            if (isVolume(sum.what)) volume[sum.what] += sum.n;
            else addToRest(rest, sum);
          }
          await turnOfOthers();
        }
        volumes.push(volume);
      }
      return { volumes, rest: [...rest.values()].filter(({ n }) => n !== 0) };
    },
  };
}

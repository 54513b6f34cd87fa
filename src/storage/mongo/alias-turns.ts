import type { Alias } from '../../sites/site.ts';
import { createKeyedLock } from './keyed-lock.ts';

/** An alias that is to be added, with the pages that its two addresses are known as now. */
export interface Arrival extends Pick<Alias, 'site' | 'alias' | 'page'> {
  own: string | null;
  target: string | null;
}

/** Whose turn it is to change the aliases of a site: in the order of the calls. */
export interface AliasTurns {
  /** Behind everything that came before, and with nothing beside it. */
  alone<T>(site: string, act: () => Promise<T>): Promise<T>;
  /** Beside others that have nothing to do with it, since each waits for several writes; else alone. */
  add<T>(alias: Pick<Alias, 'site' | 'alias' | 'page'>, act: () => Promise<T>): Promise<T>;
}

export interface AliasTurnsParts {
  /** What is known of the addresses; null where another alias has to do with one of them, so that the order counts. */
  look(alias: Pick<Alias, 'site' | 'alias' | 'page'>): Promise<Arrival | null>;
}

/** Of one site; posts need connections to the server, too. */
const MOST_BESIDE = 20;

/** Whether the one could make a circle with the other, or would move the comments that the other moves. */
function touches(one: Arrival, other: Arrival): boolean {
  const addresses = [one.alias, one.page];
  if (addresses.includes(other.alias) || other.page === one.alias) return true;
  const moved = (from: Arrival, to: Arrival): boolean =>
    from.own !== null && (from.own === to.own || from.own === to.target);
  return moved(one, other) || moved(other, one);
}

export function createAliasTurns({ look }: AliasTurnsParts): AliasTurns {
  const admission = createKeyedLock();
  const underWay = new Map<string, Map<Arrival, Promise<void>>>();

  const besideOf = (site: string): Map<Arrival, Promise<void>> => underWay.get(site) ?? new Map();

  async function emptied(site: string): Promise<void> {
    await Promise.all(besideOf(site).values());
  }

  function enter(arrival: Arrival, running: Promise<unknown>): void {
    const beside = besideOf(arrival.site);
    underWay.set(arrival.site, beside);
    const leave = (): void => {
      beside.delete(arrival);
      if (beside.size === 0) underWay.delete(arrival.site);
    };
    beside.set(arrival, running.then(leave, leave));
  }

  const alone = <T>(site: string, act: () => Promise<T>): Promise<T> =>
    admission.run(site, async () => {
      await emptied(site);
      return act();
    });

  return {
    alone,
    async add(alias, act) {
      const { site } = alias;
      const begun = await admission.run(site, async () => {
        // Those of before the look: of what ends meanwhile the look may have seen nothing.
        const others = [...besideOf(site).keys()];
        const arrival = await look(alias);
        const isApart = arrival !== null && !others.some((other) => touches(arrival, other));
        if (!isApart) await emptied(site);
        else while (besideOf(site).size >= MOST_BESIDE) await Promise.race(besideOf(site).values());
        const running = act();
        if (isApart) enter(arrival, running);
        // Whoever called hears how it ended; the next in order only waits.
        else await running.catch(() => undefined);
        return { running };
      });
      return begun.running;
    },
  };
}

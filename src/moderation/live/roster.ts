import type { LiveBatch, LiveListener, LiveScope } from './listener.ts';
import { batchFor } from './listener.ts';
import type { LiveMessage } from './messages.ts';

export interface Member {
  scope: LiveScope;
  /** Up to here it has heard everything. */
  at: number;
  /** Null while the place is taken and nobody is on it. */
  listener: LiveListener | null;
}

/** Members that have heard the same, as one moment finds them: those of one scope together. */
export type Company = Member[][];

/** Who listens, and who of them has heard everything there is. */
export interface Roster {
  add(member: Member): void;
  /** False where it had left before. */
  remove(member: Member): boolean;
  has(member: Member): boolean;
  isEmpty(): boolean;
  /** It has heard everything. */
  join(member: Member): void;
  part(member: Member): void;
  /** All that have joined. */
  company(): Company;
  hand(member: Member, batch: LiveBatch): void;
  /** To each of the company that has not left. */
  handAll(company: Company, messages: LiveMessage[], last: number): Promise<void>;
}

/** Listeners that are told in one go; in between others have their turn. */
const SLICE = 100;

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

export const isHeard = (company: Company, site: string): boolean =>
  company.some(([first]) => first?.scope.sees(site));

export function createRoster(): Roster {
  const members = new Set<Member>();
  /** By the key of their scope. */
  const joined = new Map<string, Set<Member>>();

  function part(member: Member): void {
    const group = joined.get(member.scope.key);
    group?.delete(member);
    if (group?.size === 0) joined.delete(member.scope.key);
  }

  function hand(member: Member, batch: LiveBatch): void {
    member.at = batch.last;
    member.listener?.take(batch);
  }

  return {
    add: (member) => void members.add(member),
    remove(member) {
      part(member);
      return members.delete(member);
    },
    has: (member) => members.has(member),
    isEmpty: () => members.size === 0,
    join(member) {
      const group = joined.get(member.scope.key);
      if (group) group.add(member);
      else joined.set(member.scope.key, new Set([member]));
    },
    part,
    company: () => [...joined.values()].map((group) => [...group]),
    hand,
    async handAll(company, messages, last) {
      for (const group of company) {
        const [first] = group;
        if (!first) continue;
        const batch = batchFor(first.scope, messages, last);
        for (let from = 0; from < group.length; from += SLICE) {
          if (from > 0) await breathe();
          for (const member of group.slice(from, from + SLICE)) if (members.has(member)) hand(member, batch);
        }
      }
    },
  };
}

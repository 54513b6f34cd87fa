import type { Deps } from '../deps.ts';
import { recordAct, SERVICE } from '../moderation/record.ts';
import { type EraseDeps, eraseOn, erasureEntryId, erasureNote, forgetExports } from './erase-person.ts';
import type { CommentErasure, ErasureRecord, PersonErasure } from './erasure-journal.ts';

/** What was there to erase once more. */
export interface Repeated {
  erasures: number;
  comments: number;
}

interface Repetition {
  /** What was written later is not meant: the person is as they were then. */
  until: number;
  /** It was never brought to its end, so that its entries of the audit may be missing. */
  wasCutOff: boolean;
}

/** Whether comments of the site were erased since then. */
async function hasErased(
  { audit }: Pick<Deps, 'audit'>,
  site: string,
  { mode, at }: Pick<PersonErasure, 'mode' | 'at'>,
): Promise<boolean> {
  const action = mode === 'delete' ? 'erase' : 'anonymise';
  return (await audit.list({ sites: [site], action, since: at, limit: 1 })).length > 0;
}

/** A person as they were then. */
async function repeatPerson(
  deps: EraseDeps,
  { id, at, mode, people }: PersonErasure,
  { until, wasCutOff }: Repetition,
): Promise<number> {
  let count = 0;
  for (const [index, person] of people.entries()) {
    const { comments } = await eraseOn(deps, person, { by: SERVICE, mode, until });
    count += comments;
    if (comments === 0 && !(wasCutOff && (await hasErased(deps, person.site, { mode, at })))) continue;
    const note = erasureNote(mode, comments, id);
    const entry = { by: SERVICE, action: 'privacy-erased', site: person.site, note } as const;
    await recordAct(deps, { ...entry, ...(wasCutOff && { id: erasureEntryId(id, index) }) });
  }
  await forgetExports(deps, people);
  return count;
}

async function repeatComment(deps: EraseDeps, { id }: CommentErasure): Promise<number> {
  const at = deps.clock.now();
  const by = { kind: 'author', id, name: '' } as const;
  const decisionId = deps.ids.next(at) + id;
  const { refused } = await deps.comments.change(id, { kind: 'remove', decisionId, at, by });
  return refused === undefined ? 1 : 0;
}

/** Every erasure of the records once, with when it was through: its beginning where it was cut off. */
async function settled(records: AsyncIterable<ErasureRecord>) {
  const people = new Map<string, { record: PersonErasure; until: number; hasEnded: boolean }>();
  const comments = new Map<string, CommentErasure>();
  for await (const record of records) {
    if (record.kind === 'comment') comments.set(record.id, record);
    if (record.kind === 'person') people.set(record.id, { record, until: record.at, hasEnded: false });
    const begun = record.kind === 'end' ? people.get(record.id) : undefined;
    if (begun) Object.assign(begun, { until: record.at, hasEnded: true });
  }
  return { people: [...people.values()], comments: [...comments.values()] };
}

/**
 * Erases once more what the records say and an older state of the data has brought back: persons with what they had
 * written until then, and comments that their authors had taken away. Done again it finds nothing.
 */
export async function repeatErasures(
  deps: EraseDeps,
  { records, since }: { records: AsyncIterable<ErasureRecord>; since: number },
): Promise<Repeated> {
  const { people, comments } = await settled(records);
  const total: Repeated = { erasures: 0, comments: 0 };
  const add = (count: number): void => {
    total.erasures += count === 0 ? 0 : 1;
    total.comments += count;
  };
  for (const { record, until } of people)
    if (until >= since) add(await repeatPerson(deps, record, { until, wasCutOff: false }));
  for (const record of comments) if (record.at >= since) add(await repeatComment(deps, record));
  return total;
}

/** Ends erasures that this installation began and was cut off in; at its start. */
export async function finishErasures(deps: EraseDeps & Pick<Deps, 'erasures'>): Promise<void> {
  const { people } = await settled(deps.erasures.records());
  for (const { record, until, hasEnded } of people) {
    if (hasEnded) continue;
    await repeatPerson(deps, record, { until, wasCutOff: true });
    await deps.erasures.append({ kind: 'end', id: record.id, at: deps.clock.now() });
  }
}

import type { CounterField } from '../../src/comments/counts.ts';
import { type DamageBehind, damageBehindInDatabase, damageBehindInFile, isBehind } from './corrupt-behind.ts';
import { withDatabase } from './lane.ts';
import type { OpenedStore } from './stores.ts';
import { until } from './until.ts';

/** Damage that no call of the service does: written past the store, with its own driver. */
export type Damage =
  | { counter: string; field: CounterField; by: number }
  | { noCounter: string }
  | { comment: string; set: Record<string, number | boolean> }
  /** Of a comment, what is said to stand above it. */
  | { comment: string; ancestors: string[] }
  | DamageBehind;

const column = (member: string): string => member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function damageFile(file: string, damage: Exclude<Damage, DamageBehind>): Promise<void> {
  const { openDatabase } = await import('../../src/storage/sqlite/driver.ts');
  const db = openDatabase(file);
  try {
    if ('noCounter' in damage) db.prepare('DELETE FROM counters WHERE scope = ?').run(damage.noCounter);
    else if ('counter' in damage) {
      const { counter, field, by } = damage;
      db.prepare(
        `INSERT INTO counters (scope, pending, approved, rejected, spam, trash, visible) VALUES (?, 0, 0, 0, 0, 0, 0)
         ON CONFLICT DO NOTHING`,
      ).run(counter);
      db.prepare(`UPDATE counters SET ${field} = ${field} + ? WHERE scope = ?`).run(by, counter);
    } else if ('ancestors' in damage) {
      const { comment, ancestors } = damage;
      db.prepare('UPDATE comments SET ancestors = ? WHERE id = ?').run(ancestors.join(' '), comment);
    } else {
      const { comment, set } = damage;
      const names = Object.keys(set).map((name) => `${column(name)} = ?`);
      const values = Object.values(set).map(Number);
      db.prepare(`UPDATE comments SET ${names.join(', ')} WHERE id = ?`).run(...values, comment);
    }
  } finally {
    db.close();
  }
}

async function damageDatabase(uri: string, damage: Exclude<Damage, DamageBehind>): Promise<void> {
  await withDatabase(uri, async (database) => {
    const counters = database.collection<{ _id: string }>('counters');
    const comments = database.collection<{ _id: string }>('comments');
    const folded = (): Promise<unknown> =>
      until(
        'everything to be folded',
        async () =>
          (await comments.countDocuments({ work: true })) === 0 &&
          (await database.collection('journal').findOne({}))?.state === 'done',
      );
    if ('noCounter' in damage) {
      // Or what still waits to be folded would make it anew.
      await folded();
      await counters.deleteOne({ _id: damage.noCounter });
    } else if ('counter' in damage) {
      const { counter, field, by } = damage;
      await counters.updateOne(
        { _id: counter },
        { $inc: { [field]: by }, $setOnInsert: { batch: 0 } },
        { upsert: true },
      );
    } else {
      // Or the difference would be told as what it is until then.
      await folded();
      const set = 'set' in damage ? damage.set : { ancestors: damage.ancestors };
      await comments.updateOne({ _id: damage.comment }, { $set: set });
    }
  });
}

/** What can be damaged: anything that says where its data lies. */
export type Damaged = Pick<OpenedStore, 'place'>;

export async function corrupt({ place }: Damaged, damage: Damage): Promise<void> {
  if (isBehind(damage))
    return 'file' in place
      ? damageBehindInFile(place.file, damage)
      : damageBehindInDatabase(place.uri, damage);
  if ('file' in place) return damageFile(place.file, damage);
  return damageDatabase(place.uri, damage);
}

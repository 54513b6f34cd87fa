import type { Comment } from '../../../src/comments/comment.ts';
import type { ManyChange } from '../../../src/comments/comment-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { decision, freshSite, page, post, site, undo } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { expectTrue } from '../../support/recount.ts';
import { createMongoInstallation, type Installation, isFolded } from './opened.ts';

const MANY = 60;

describe('many decisions at once', () => {
  const writes: string[] = [];
  let installation: Installation;
  let store: Storage;

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({
      onCommand: ({ commandName, command }) => {
        if (!['insert', 'update', 'delete', 'findAndModify'].includes(commandName)) return;
        // Leases and stamps are written as time goes by.
        const collection = `${command[commandName]}`;
        if (['comments', 'lessons', 'learnt', 'events', 'audit', 'counters', 'tallies'].includes(collection))
          writes.push(`${commandName} ${collection}`);
      },
    });
  });
  afterAll(() => installation.dispose());

  async function writesOf(changes: ManyChange[]): Promise<string[]> {
    writes.length = 0;
    const results = await store.comments.changeMany(changes);
    expect(results.filter(({ refused }) => refused !== undefined)).toEqual([]);
    await eventually(async () => expect(await isFolded(installation)).toBe(true));
    return [...writes];
  }

  it('and taking them back are writes of the group, none for each', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    await store.sites.create(site(at.site));
    const held: Comment[] = await Promise.all(Array.from({ length: MANY }, () => post(store, at)));
    const ids = held.map(({ id }) => id);
    await eventually(async () => expect(await isFolded(installation)).toBe(true));

    const decisions = held.map((one) => decision(one, 'approve'));
    const decided = await writesOf(decisions.map((command, i) => ({ id: ids[i] ?? '', command })));
    expect(decided.length).toBeLessThan(MANY / 2);
    await expectTrue(store, ids);

    const undoes = held.map((one, i) => undo(one, decisions[i]?.decisionId ?? ''));
    const undone = await writesOf(undoes.map((command, i) => ({ id: ids[i] ?? '', command })));
    expect(undone).toContain('delete learnt');
    expect(undone.length).toBeLessThan(MANY / 2);
    await expectTrue(store, ids);
  });
});

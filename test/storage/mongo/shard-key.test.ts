import type { Storage } from '../../../src/storage/storage.ts';
import {
  alias,
  apply,
  comment,
  decide,
  edit,
  page,
  postApproved,
  removal,
  site,
  submission,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { createMongoInstallation, type Installation, isFolded } from './opened.ts';

interface Statement {
  command: string;
  /** The filter of an update or a removal, the document of an insert. */
  names: Record<string, unknown>;
}

type Command = Record<string, unknown>;

/** The statements of a write command on comments, each with what a sharded cluster would route it by. */
function statementsOf(commandName: string, command: Command): Statement[] {
  if (command[commandName] !== 'comments') return [];
  const list = (member: string): Command[] => (command[member] ?? []) as Command[];
  const statement = (names: unknown): Statement => ({ command: commandName, names: names as Command });
  switch (commandName) {
    case 'insert':
      return list('documents').map(statement);
    case 'update':
      return list('updates').map((update) => statement(update.q));
    case 'delete':
      return list('deletes').map((removal) => statement(removal.q));
    case 'findAndModify':
      return [statement(command.query)];
    default:
      return [];
  }
}

const isRouted = ({ names }: Statement): boolean => names.site !== undefined && names.home !== undefined;

describe('writes on comments', () => {
  const statements: Statement[] = [];
  const commands = new Set<string>();
  let installation: Installation;
  let store: Storage;

  beforeAll(async () => {
    installation = createMongoInstallation();
    store = await installation.open({
      onCommand: ({ commandName, command }) => {
        commands.add(commandName);
        statements.push(...statementsOf(commandName, command));
      },
    });
  });
  afterAll(() => installation.dispose());

  /** Everything a store writes: posts, decisions, carrying, edits, removals, moves, folding, a site's end. */
  async function wholeLife(): Promise<void> {
    const one = site('whole-life');
    await store.sites.create(one);
    const [old, at] = [page(one.id, 'https://a.example/old'), page(one.id, 'https://a.example/new')];
    const root = await postApproved(store, old);
    const replies = await Promise.all([1, 2, 3].map(() => postApproved(store, old, { parent: root })));
    await Promise.all(replies.map((reply) => postApproved(store, old, { parent: reply })));
    await decide(store, root, 'spam');
    const shown = await decide(store, root, 'approve');
    await apply(store, root, edit(shown, 'Other words', { screened: 'approved' }));
    await store.votes.cast({ commentId: root.id, site: one.id, reader: 'r', address: 'a', value: 1 });
    await store.sites.addAlias(alias(one.id, old.url ?? '', at.url ?? ''), at);
    await apply(store, root, removal(root));
    await store.comments.submit(submission(at, comment(at)));
    await eventually(async () => expect(await isFolded(installation)).toBe(true));
    await store.sites.remove(one.id);
  }

  it('all name site and home, so that a sharded cluster takes them', async () => {
    await wholeLife();
    expect(new Set(statements.map((one) => one.command))).toEqual(
      new Set(['insert', 'update', 'delete', 'findAndModify']),
    );
    expect(statements.filter((one) => !isRouted(one))).toEqual([]);
  });

  it('need no transaction', () => {
    expect(commands.has('commitTransaction')).toBe(false);
  });

  it('without them would be noticed', () => {
    const bad = statementsOf('update', { update: 'comments', updates: [{ q: { _id: 'x', site: 's' } }] });
    expect(bad.map(isRouted)).toEqual([false]);
  });
});

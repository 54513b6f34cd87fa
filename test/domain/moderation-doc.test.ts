import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planChange } from '../../src/comments/changes.ts';
import { type Comment, DECISION_ACTIONS, type HistoryEntry, STATUSES } from '../../src/comments/comment.ts';
import { comment, decision, page, undo } from '../support/builders.ts';

/** docs/moderation.md says of every status and action what the code does. */

const document = readFileSync(join(__dirname, '../../docs/moderation.md'), 'utf8');

function section(name: string): string {
  const [, found = ''] =
    new RegExp(`<!-- ${name}:begin -->\n([^]*?)<!-- ${name}:end -->`).exec(document) ?? [];
  return found;
}

function table(rows: string[][]): string {
  const [head = [], ...rest] = rows;
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(head), `|${head.map(() => '---').join('|')}|\n`, ...rest.map(line)].join('');
}

interface Stage {
  current: Comment;
  history: HistoryEntry[];
}

const at = page('news', 'https://news.example/1');

function act({ current, history }: Stage, action: string): Stage | string {
  const newest = history.filter((entry) => !entry.undone).at(-1)?.decisionId ?? '';
  const command =
    action === 'undo'
      ? undo(current, newest)
      : decision(current, action as (typeof DECISION_ACTIONS)[number]);
  const planned = planChange(current, command, { history, parentOpen: true, reports: () => [] });
  if (planned.refused !== undefined) return planned.refused;
  const kept = history.map((entry) =>
    entry.decisionId === planned.undone ? { ...entry, undone: true } : entry,
  );
  return { current: planned.next, history: planned.entry ? [...kept, planned.entry] : kept };
}

const outcome = (stage: Stage | string): string =>
  `\`${typeof stage === 'string' ? stage : stage.current.status}\``;

test('where each action leads from each status', () => {
  const rows = STATUSES.map((status) => {
    const stage = { current: comment(at, { status }), history: [] };
    return [`\`${status}\``, ...DECISION_ACTIONS.map((action) => outcome(act(stage, action)))];
  });
  const head = ['from', ...DECISION_ACTIONS.map((action) => `\`${action}\``)];
  expect(section('transitions')).toBe(table([head, ...rows]));
});

test('where a restore leads after what was decided', () => {
  const stories: [string, string[]][] = [
    ['`approve`', ['approve']],
    ['`approve`, then `spam`', ['approve', 'spam']],
    ['`approve`, then `spam`, then `restore`', ['approve', 'spam', 'restore']],
    ['`approve`, then `spam`, which was undone', ['approve', 'spam', 'undo']],
    ['`approve`, which was undone', ['approve', 'undo']],
  ];
  const rows = stories.map(([told, actions]) => {
    let stage: Stage | string = { current: comment(at), history: [] };
    for (const action of [...actions, 'restore']) if (typeof stage !== 'string') stage = act(stage, action);
    return [told, outcome(stage)];
  });
  expect(section('restores')).toBe(table([['what happened before', '`restore` gives'], ...rows]));
});

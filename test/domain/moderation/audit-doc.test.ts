import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_ACTIONS } from '../../../src/moderation/audit.ts';

test('docs/audit-and-stats.md says what every action of the audit is, and names no other', () => {
  const text = readFileSync(join(__dirname, '../../../docs/audit-and-stats.md'), 'utf8');
  const named = [...text.matchAll(/^\| `([a-z-]+)` \| \S/gm)].map(([, action]) => action);
  expect(named).toEqual([...AUDIT_ACTIONS]);
});

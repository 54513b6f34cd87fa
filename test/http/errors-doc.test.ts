import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsMarkdown } from '../../src/http/docs/error-reference.ts';

test('docs/errors.md says of every code what the service’s own page says', () => {
  expect(readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8')).toBe(errorsMarkdown());
});

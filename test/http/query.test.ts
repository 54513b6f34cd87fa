import * as z from 'zod';
import { parseQuery, readQuery } from '../../src/http/query.ts';
import { expectLinear } from '../support/growth.ts';

const pages = { schema: z.object({ page: z.array(z.string()) }), multiple: ['page'] };
const named = (count: number) => parseQuery(readQuery(`/?${'page=a&'.repeat(count)}`), pages).page;

it('takes what may be repeated in the order sent', () => {
  expect(parseQuery(readQuery('/?page=b&x=1&page=a&page=b'), pages)).toEqual({ page: ['b', 'a', 'b'] });
});

it('looks once through a parameter that is repeated as often as a request line has room for', async () => {
  expect(named(9000)).toHaveLength(9000);
  await expectLinear(named, 9000);
});

import fc from 'fast-check';
import { nameGuardOf } from '../../../src/authors/name-guard.ts';

const site = { policy: { reservedNames: ['Admin', 'The Paper', 'سردبیر', 'Zoë Ørn'] } };
const moderators = ['Mina Kia', 'Paul'];
const ownerOf = (name: string | null) => nameGuardOf(site, moderators).ownerOf(name);

it.each([
  'Admin',
  'ADMIN',
  ' a d m i n ',
  'Аdmin',
  'Adrnin',
  'admin.',
  'Admin!',
  '@dmin',
  '4dmin',
  'Ａｄｍｉｎ',
  'ádmin',
])('%s is taken for the reserved Admin', (name) => expect(ownerOf(name)).toBe('reserved'));

it.each(['the  paper', 'ThePaper', 'سردبير', 'سَردبیر', 'سر‌دبیر', 'zoe orn'])(
  '%s is taken for another reserved one',
  (name) => expect(ownerOf(name)).toBe('reserved'),
);

it.each(['Mina Kia', 'mina kіa', 'PauI', 'Раul'])('%s is taken for a moderator', (name) =>
  expect(ownerOf(name)).toBe('moderator'),
);

it.each(['Administer', 'Amin', 'Minna Kia', 'Raul', 'دبیر', 'Paula', '!!', '', null])(
  '%s is nobody else’s',
  (name) => expect(ownerOf(name)).toBeNull(),
);

it('finds every guarded name itself, and never throws', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ maxLength: 30 }),
      (name, other) => {
        const guard = nameGuardOf({ policy: { reservedNames: [name] } }, []);
        expect(guard.ownerOf(name)).toBe(
          /[\p{L}\p{N}]/u.test(name.normalize('NFKC')) ? 'reserved' : guard.ownerOf(name),
        );
        guard.ownerOf(other);
      },
    ),
  );
});

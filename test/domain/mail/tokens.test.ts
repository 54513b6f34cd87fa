import { createKeyring } from '../../../src/keys.ts';
import {
  type ActionLink,
  actionToken,
  confirmToken,
  readActionToken,
  readConfirmToken,
  readUnsubscribeToken,
  unsubscribeToken,
} from '../../../src/mail/tokens.ts';

const keys = createKeyring(Buffer.alloc(32, 1));
const others = createKeyring(Buffer.alloc(32, 2));
const link: ActionLink = {
  ...{ moderator: '01m', action: 'approve', commentId: '01c', version: 3, until: 1_800_000_000_000 },
};
const reader = { site: 'a-paper', reader: '0123abc' };

test('a link says what it was made for', () => {
  expect(readActionToken(keys, actionToken(keys, link))).toEqual(link);
  expect(readConfirmToken(keys, confirmToken(keys, reader, 5))).toEqual({ ...reader, until: 5 });
  expect(readUnsubscribeToken(keys, unsubscribeToken(keys, reader))).toEqual(reader);
});

test('a link that was altered, cut, lengthened, made by another or for another purpose is none', () => {
  const token = actionToken(keys, link);
  const wrong = [
    '',
    '.',
    token.replace('approve', 'reject'),
    token.replace('.3.', '.4.'),
    token.slice(0, -1),
    `${token}A`,
    `x.${token}`,
    actionToken(others, link),
    confirmToken(keys, reader, 5),
    token.replace(/[^.]*$/, ''),
  ];
  expect(wrong.map((one) => readActionToken(keys, one))).toEqual(wrong.map(() => null));
  expect(readConfirmToken(keys, unsubscribeToken(keys, reader))).toBeNull();
  expect(readUnsubscribeToken(keys, confirmToken(keys, reader, 5))).toBeNull();
});

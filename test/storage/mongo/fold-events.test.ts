import type { CommentEvent } from '../../../src/comments/event.ts';
import type { TailEntry } from '../../../src/storage/mongo/comment-doc.ts';
import type { InboxDoc } from '../../../src/storage/mongo/documents.ts';
import { eventsOf } from '../../../src/storage/mongo/fold-events.ts';

const event = (id: string, at: number, commentId: string, version: number): CommentEvent =>
  ({ id, type: 'decided', at, commentId, version }) as CommentEvent;

const tail = (...events: CommentEvent[]): { tail: TailEntry[] } => ({
  tail: events.map((one, n) => ({ n, event: one }) as TailEntry),
});

test('events that are folded together come by their moments', () => {
  const claim = { _id: 'c', body: { id: 'c', type: 'claim', at: 2 } } as InboxDoc;
  const found = eventsOf([tail(event('d', 3, 'one', 1)), tail(event('b', 1, 'two', 1))], [claim]);
  expect(found.map(({ id }) => id)).toEqual(['b', 'c', 'd']);
});

test('a comment’s come as they happened to it: a batch is of the moment it began, and clocks differ', () => {
  const one = tail(event('e', 5, 'one', 2), event('a', 1, 'one', 3), event('g', 7, 'one', 4));
  const two = tail(event('f', 6, 'two', 1), event('b', 2, 'two', 2), event('c', 2, 'two', 3));
  const found = eventsOf([one, two], []);
  expect(found.map(({ id }) => id)).toEqual(['e', 'a', 'f', 'b', 'c', 'g']);
});

import type { ShownComment } from '../../src/comments/comment-store.ts';
import type { Place } from '../../src/comments/present.ts';
import { asJson, asObjects, listBytes, type ThreadShape } from '../../src/comments/thread-shapes.ts';
import { comment, page, shownPart, site } from '../support/builders.ts';

const at = page('one', 'https://a.example/1', { title: 'One' });
const place: Place = { site: site('one'), page: at, publicUrl: 'https://c.example' };
const TEXTS = ['plain', 'نیم‌فاصله و «گیومه»', 'a "quote", a \\ and a\nnewline', '🏳️‍🌈 \u2028'];

const comments: ShownComment[] = TEXTS.map((text) =>
  shownPart(comment(at, { text, html: `<p dir="auto">${text}</p>`, status: 'approved' })),
);
const [root, reply, deep, cut] = comments as [ShownComment, ShownComment, ShownComment, ShownComment];

/** A thread of every kind of item. */
function drawn<Shown>({ alone, withReplies }: ThreadShape<Shown>): Shown[] {
  const replies = [withReplies(reply, [withReplies(deep, [], undefined)], undefined)];
  return [withReplies(root, replies, undefined), withReplies(cut, [], 'a "cursor"'), alone(deep)];
}

const MORE = { total: 4, cursor: null };
const jsonAt = (where: Place): string => listBytes('items', drawn(asJson(where)), MORE).toString();
const plainAt = (where: Place): string => JSON.stringify({ items: drawn(asObjects(where)), ...MORE });

describe('the JSON of a thread in pieces', () => {
  it('is that of its objects, byte for byte', () => {
    expect(jsonAt(place)).toBe(plainAt(place));
    expect(listBytes('items', [], MORE).toString()).toBe(JSON.stringify({ items: [], ...MORE }));
  });

  it('of comments that are given again is made anew only where they are shown otherwise', () => {
    for (const one of comments) Object.freeze(one);
    const first = asJson(place).alone(root)[0];
    expect(asJson(place).alone(root)[0]).toBe(first);
    const others: Place[] = [
      { ...place, page: { ...at, title: 'Two' } },
      { ...place, publicUrl: 'https://d.example' },
      { ...place, site: { ...place.site, policy: { ...place.site.policy, avatars: false } } },
    ];
    for (const other of [...others, place]) expect(jsonAt(other)).toBe(plainAt(other));
  });
});

import fc from 'fast-check';

/** What strangers may send in place of what is asked for. */

const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    'a@b.example',
    'https://news.example/a',
    'null',
    '__proto__',
    '{"a":1}',
    "' OR 1=1 --",
  ),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
export const anything = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.string({ maxLength: 5 }), leaf, { maxKeys: 3 }),
);
export const nested = fc.oneof(anything, fc.jsonValue({ maxDepth: 6 }));
export const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** The shape of a comment with anything in its places; never one that could be accepted: its body is no text. */
export const commentLike = fc.record({
  page: maybe(
    fc.oneof(anything, fc.record({ url: maybe(anything), title: maybe(anything), id: maybe(anything) })),
  ),
  author: maybe(
    fc.oneof(anything, fc.record({ name: maybe(anything), email: maybe(anything), url: maybe(anything) })),
  ),
  parentId: maybe(anything),
  body: fc.oneof(
    fc.integer(),
    fc.constant(null),
    fc.array(leaf, { maxLength: 2 }),
    fc.constantFrom('', ' ', '​', '\ud800'),
  ),
  subscribe: maybe(anything),
});

export const decisionLike = fc.record({
  action: fc.oneof(
    fc.integer(),
    fc.constantFrom('', 'Approve', 'constructor', '__proto__'),
    fc.constant(null),
  ),
  version: maybe(anything),
  reason: maybe(anything),
  note: maybe(anything),
});

/** Bulk decisions and claims with anything in their places; never one that could be accepted. */
export const bulkLike = fc.record({
  action: fc.oneof(fc.integer(), fc.constantFrom('', 'Approve', '__proto__'), fc.constant(null)),
  items: maybe(
    fc.oneof(
      nested,
      fc.array(fc.record({ id: maybe(anything), version: maybe(anything) }), { maxLength: 3 }),
    ),
  ),
  match: maybe(
    fc.oneof(
      nested,
      fc.record({
        site: maybe(anything),
        status: maybe(anything),
        q: maybe(anything),
        until: maybe(anything),
      }),
    ),
  ),
  limit: maybe(anything),
  reason: maybe(anything),
  note: maybe(anything),
});
export const claimLike = fc.record({
  limit: fc.oneof(fc.constant(0), fc.constant(null), fc.string()),
  site: maybe(anything),
  leaseSeconds: maybe(anything),
  status: maybe(anything),
  q: maybe(anything),
  phase: maybe(anything),
});

export const siteLike = fc.record({
  id: maybe(anything),
  name: fc.oneof(fc.integer(), fc.constant('')),
  origins: maybe(nested),
  locale: maybe(anything),
  timeZone: maybe(anything),
  policy: maybe(
    fc.oneof(
      nested,
      fc.dictionary(fc.constantFrom('limits', 'pages', 'rateLimits', 'votes', 'reasons', 'maxDepth'), nested),
    ),
  ),
});

/** What is said of an author; never one that could be accepted: its standing is none. */
export const judgementLike = fc.record({
  standing: fc.oneof(fc.integer(), fc.constantFrom('', 'known', 'new', 'constructor', '__proto__')),
  until: maybe(anything),
  reason: maybe(anything),
  note: maybe(anything),
  version: maybe(anything),
  existing: maybe(anything),
});

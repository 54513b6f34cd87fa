import { commentBy, HELD } from './canary-run.ts';

/** Comments that are refused, each with the status that says so: the address is in all of them. */
export function wrongComments(address: string): [unknown, number][] {
  return [
    [commentBy(`${address} and more`), 422],
    [commentBy(`${address}@`), 422],
    [commentBy([address] as unknown as string), 422],
    [commentBy({ [address]: address } as unknown as string), 422],
    [commentBy(address, { body: `${address} `.repeat(2000) }), 422],
    [commentBy(address, { parentId: address }), 422],
    [commentBy(address, { subscribe: address }), 422],
    [commentBy(address, { page: address }), 422],
    [commentBy(address, { author: { name: `${address} `.repeat(20) } }), 422],
    [[address], 422],
    [`"${address}"`, 422],
    [`{"author":{"email":"${address}"`, 400],
    ['', 400],
    [`{"body":"${address} ${'x'.repeat(300_000)}"}`, 413],
  ];
}

/** A badge holds forty characters: where the address does not fit whole it would be none. */
function badgeOf(address: string): string {
  const badge = `I am ${address}`;
  return [...badge].length <= 40 ? badge : 'A reader';
}

/** Claims of a token, with the address wherever one can stand, each with the status that it comes to. */
export function claimsWith(address: string): [Record<string, unknown>, number][] {
  const claims = { sub: address, name: 'A reader', email: address };
  return [
    [claims, 201],
    [{ ...claims, badge: badgeOf(address) }, 201],
    [{ ...claims, name: `I am ${address}` }, 201],
    [{ ...claims, name: address }, 422],
    [{ ...claims, url: `https://readers.example/?me=${encodeURIComponent(address)}` }, 422],
    [{ ...claims, aud: address }, 422],
    [{ ...claims, badge: [address] }, 422],
  ];
}

/** Addresses of ours with an e-mail address in the path or in the query. */
export function pathsWith(address: string): string[] {
  const encoded = encodeURIComponent(address);
  const page = encodeURIComponent(`https://${HELD}.example/page`);
  const list = `/v1/sites/${HELD}/comments`;
  const queries = ['limit', 'sort', 'format', 'cursor', 'focus', 'replyLimit', 'q', encoded];
  return [
    ...queries.map((parameter) => `${list}?page=${page}&${parameter}=${encoded}`),
    `${list}?page=${encoded}`,
    `${list}?page=${encodeURIComponent(`https://${HELD}.example/?e=${encoded}`)}`,
    `${list}?pageId=${encoded}`,
    `/v1/sites/${encoded}/comments?page=${page}`,
    `/v1/sites/${encoded}`,
    `/v1/sites/${HELD}/recent?limit=${encoded}`,
    `/v1/sites/${HELD}/feed.atom?page=${encoded}`,
    `/v1/sites/${HELD}/feed.atom`,
    `/v1/sites/${HELD}/reader?page=${encoded}`,
    `/v1/avatars/${encoded}.svg`,
    `/v1/comments/${encoded}`,
    `/v1/comments/${encoded}/replies?cursor=${encoded}`,
    `/v1/sites/${HELD}/comments/legacy/${encoded}`,
    `/v1/moderation/queue?author=${encoded}`,
    `/v1/moderation/queue?site=${encoded}`,
    `/v1/moderation/comments/${encoded}`,
    `/v1/moderation/authors/${encoded}`,
    `/v1/moderation/authors?q=${encoded}&sort=${encoded}`,
    `/v1/admin/sites/${HELD}/pages?q=${encoded}&cursor=${encoded}`,
    `/${encoded}`,
    `/%zz${encoded}`,
    `/v1/sites/${HELD}/comments?page=%zz${encoded}`,
  ];
}

const HEADERS = [
  'X-Request-Id',
  'User-Agent',
  'Referer',
  'Origin',
  'Accept-Language',
  'Authorization',
  'Cookie',
  'If-None-Match',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'Forwarded',
  'X-Real-IP',
  'Gatehouse-Reader',
  'From',
  'Traceparent',
  'Accept',
  'Idempotency-Key',
  'Last-Event-ID',
  'Content-Type',
];
const PREFIXES: Record<string, string> = {
  Authorization: 'Bearer ',
  Origin: 'https://',
  Referer: 'https://',
};

/** Headers with the address in each, percent-encoded and as its bytes. */
export function headersWith(address: string): Record<string, string>[] {
  const values = [encodeURIComponent(address), Buffer.from(address).toString('latin1')];
  return values.flatMap((value) => HEADERS.map((header) => ({ [header]: (PREFIXES[header] ?? '') + value })));
}

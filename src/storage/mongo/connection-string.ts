/**
 * What a connection string may ask for and the promises of this store don't leave open: it reads what it has just
 * written, from the primary, and what it acknowledges is on the majority's journals. Their names are the driver's, in
 * any case (https://www.mongodb.com/docs/manual/reference/connection-string-options/).
 */
const SETTLED = new Set([
  ...['readpreference', 'readpreferencetags', 'maxstalenessseconds', 'readconcernlevel'],
  ...['w', 'journal', 'wtimeout', 'wtimeoutms'],
]);

/** The connection string without what the store settles itself. */
export function withoutSettled(uri: string): string {
  const [servers = '', ...rest] = uri.split('?');
  if (rest.length === 0) return uri;
  const options = rest.join('?').split('&');
  const left = options.filter((option) => !SETTLED.has((option.split('=')[0] ?? '').toLowerCase()));
  return `${servers}?${left.join('&')}`;
}

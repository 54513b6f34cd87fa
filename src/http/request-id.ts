import { randomBytes } from 'node:crypto';

/** Ids of requests: a prefix that is this process's own, and a count. Never taken from the client. */
export function createRequestIds(): () => string {
  const prefix = randomBytes(6).toString('base64url');
  let count = 0;
  return () => `${prefix}-${(count++).toString(36)}`;
}

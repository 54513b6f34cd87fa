import { createHmac } from 'node:crypto';
import type { Api } from './api-client.ts';
import { jsonOf } from './http-client.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT as a publisher makes one, by hand. `header` and `claims` are added to what it needs. */
export function signIdentity(secret: string, claims: Record<string, unknown>, header: object = {}): string {
  const signed = `${encode({ alg: 'HS256', typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** Has the site take tokens, and gives what signs them. */
export async function tokenSigner(
  api: Api,
  site: string,
): Promise<(claims: Record<string, unknown>) => string> {
  const path = `/v1/admin/sites/${site}`;
  await api.asAdmin({ method: 'PATCH', path, body: { policy: { identity: 'optional' } } });
  const made = await api.asAdmin({ method: 'POST', path: `${path}/identity-secret` });
  const { secret } = jsonOf<{ secret: string }>(made);
  return (claims) =>
    signIdentity(secret, { aud: site, exp: Math.floor(Date.now() / 1000) + 1800, ...claims });
}

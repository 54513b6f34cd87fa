import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

/** Whether the machine at `address`, the `hop`-th before us, may say whom it speaks for. Express compiles it. */
export type TrustsProxy = (address: string, hop: number) => boolean;

const IPV6_PREFIX = 64;

/** Addresses of one subscriber are one: IPv6 counts by its /64. */
export function addressGroup(address: string): string {
  return ipKeyGenerator(address, IPV6_PREFIX);
}

/** Whether the request claims to come through a proxy. */
export function claimsProxy(request: IncomingMessage): boolean {
  return request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
}

/**
 * The address a request comes from: the socket's, or, as far as each machine on the way is trusted, what
 * it wrote into X-Forwarded-For. What can't be an address is never believed.
 */
export function clientAddress(request: IncomingMessage, trusts: TrustsProxy): string {
  let address = request.socket.remoteAddress ?? '';
  const header = request.headers['x-forwarded-for'];
  const forwarded = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  for (let hop = 0; forwarded.length > 0 && trusts(address, hop); hop++) {
    const previous = forwarded.pop()?.trim() ?? '';
    if (isIP(previous) === 0) break;
    address = previous;
  }
  return address;
}

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether the machine at `address`, the `hop`-th before us, may say whom it speaks for. Express compiles it. */
export type TrustsProxy = (address: string, hop: number) => boolean;

/** Of eight groups of an IPv6 address those that are one subscriber's: its /64. */
const SUBSCRIBER_GROUPS = 4;

/** Addresses of one subscriber are one: IPv6 counts by its /64. */
export function addressGroup(address: string): string {
  if (isIP(address) !== 6 || !ipaddr.IPv6.isValid(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const groups = parsed.parts.slice(0, SUBSCRIBER_GROUPS).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}

/** Whether the request claims to come through a proxy. */
export function claimsProxy(request: IncomingMessage): boolean {
  return request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined;
}

/** Some proxies write the client's port too: `203.0.113.1:5555`, `[2001:db8::1]:443`. */
const WITH_PORT = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/;

/** The address of an entry of X-Forwarded-For, null where it is none. */
function forwardedAddress(entry: string): string | null {
  const text = entry.trim();
  const [, six, four] = WITH_PORT.exec(text) ?? [];
  const address = six ?? four ?? text;
  return isIP(address) === 0 ? null : address;
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
    const previous = forwardedAddress(forwarded.pop() ?? '');
    if (previous === null) break;
    address = previous;
  }
  return address;
}

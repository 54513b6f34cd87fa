import ipaddr from 'ipaddr.js';

/** RFC 4291: what is routed on the Internet today; the rest of IPv6 is local, translated or not given out. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Endings of names that mean this machine or this network (RFC 6761, 6762, 8375, and custom). */
const LOCAL_ENDINGS = ['localhost', 'localdomain', 'local', 'internal', 'intranet', 'lan', 'home.arpa'];

/**
 * Whether an IP address, in any of its spellings, is one of the public Internet. Everything that is set aside
 * for something else is not: loopback, private and link-local networks, carriers' NAT, multicast, the addresses
 * that carry an IPv4 one within (mapped, compatible, NAT64, 6to4, Teredo), documentation and the unassigned.
 * The ranges are those of `ipaddr.js`, after the IANA's special-purpose registries.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

/** The address in a URL's `hostname`, without the brackets of IPv6; null where it is a name. */
export function addressIn(hostname: string): string | null {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : null;
}

/** Whether a name can't be of a public host, whatever it leads to: without a dot, or under a local ending. */
export function isLocalName(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.+$/, '');
  if (!name.includes('.')) return true;
  return LOCAL_ENDINGS.some((ending) => name.endsWith(`.${ending}`));
}

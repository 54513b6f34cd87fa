import { domainToASCII, domainToUnicode } from 'node:url';

/** Addresses that stand nowhere else, so that wherever one is found it came from here. */
export const CANARIES = [
  'Zanbagh.Kanari@Readers.Example',
  'nilufar.abi+khabar@bücher.example',
  'shaghayegh_sorkh@xn--bcher-kva.example',
  'پروانه.زرد@khanandeh.example',
  "golnar.o'sahra@readers.example",
];

/** The ways people spell their own address where it will be seen. */
export function ownAddressSpellings(address: string): string[] {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  return [
    ...new Set([
      address,
      address.toUpperCase(),
      address.toLowerCase(),
      `${local}@${domainToASCII(domain)}`,
      `${local}@${domainToUnicode(domain)}`,
      encodeURIComponent(address),
      address.replace('@', '%40'),
      address.replace('@', ' (at) '),
      address.replace('@', '&#64;'),
      address.replace('@', '&#x40;'),
      address.replace('@', '＠'),
      address.replace('@', '\u200c@'),
      address.replace('@', ' @ '),
      `mailto:${address}`,
      `<${address}>`,
      `[me](mailto:${address})`,
      `https://readers.example/?me=${encodeURIComponent(address)}`,
    ]),
  ];
}

/** Where clients come from. */
export const CLIENT_ADDRESSES = ['203.0.113.77', '2001:db8:cafe:f00d::77'];

/** What those would be called by whoever normalises them. */
export const CLIENT_SPELLINGS = [
  ...CLIENT_ADDRESSES,
  '::ffff:203.0.113.77',
  '::ffff:cb00:714d',
  '2001:db8:cafe:f00d::/64',
  '2001:db8:cafe:f00d::',
  '2001:0db8:cafe:f00d:0000:0000:0000:0077',
  '2001:0db8:cafe:f00d',
];

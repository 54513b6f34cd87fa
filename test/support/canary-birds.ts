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

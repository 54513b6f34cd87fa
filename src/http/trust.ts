import { isIPv6 } from 'node:net';
import express from 'express';
import type { TrustsProxy } from './client-address.ts';
import type { HttpConfig } from './http-config.ts';

/** Express takes no range of everybody (`0.0.0.0/0`); its two halves say the same. */
function inHalves(range: string): string[] {
  const [address = '', bits] = range.split('/');
  if (bits === undefined || Number(bits) > 0) return [range];
  return isIPv6(address) ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1'];
}

/** Whom to believe about a client's address, compiled by Express from TRUST_PROXY. */
export function trustFrom(trustProxy: HttpConfig['trustProxy']): TrustsProxy {
  const settings = express();
  settings.set('trust proxy', typeof trustProxy === 'number' ? trustProxy : trustProxy.flatMap(inHalves));
  return settings.get('trust proxy fn') as TrustsProxy;
}

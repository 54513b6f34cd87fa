import express from 'express';
import type { TrustsProxy } from './client-address.ts';
import type { HttpConfig } from './http-config.ts';

/** Whom to believe about a client's address, compiled by Express from TRUST_PROXY. */
export function trustFrom(trustProxy: HttpConfig['trustProxy']): TrustsProxy {
  const settings = express();
  settings.set('trust proxy', trustProxy);
  return settings.get('trust proxy fn') as TrustsProxy;
}

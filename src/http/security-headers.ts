import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';
import type { RawHeaders } from './raw-headers.ts';

export interface SecurityOptions {
  /** Whether the service is reached over https: only then is HSTS said. */
  https: boolean;
  /** Directives of the Content-Security-Policy beyond `default-src 'none'`. */
  directives?: Record<string, string[]>;
  /** True for what other sites may embed (a script, an image). */
  embeddable?: boolean;
}

/**
 * What helmet would set on an answer, taken once, so that every way an answer is written sends the same
 * and none pays for it again. Parts that say nothing about an API's answers are left out.
 */
export function captureSecurityHeaders({ https, directives, embeddable }: SecurityOptions): RawHeaders {
  const protect = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        ...directives,
      },
    },
    crossOriginResourcePolicy: { policy: embeddable ? 'cross-origin' : 'same-origin' },
    // Of this host alone: where the service is a path of a newspaper's host, that one's subdomains are not its affair.
    strictTransportSecurity: https && { includeSubDomains: false },
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  const captured: RawHeaders = [];
  response.setHeader = (name, value) => {
    captured.push(name, String(value));
    return response;
  };
  protect(request, response, () => undefined);
  return captured;
}

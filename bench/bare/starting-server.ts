import { listen } from './listen.ts';

/** A server that only starts: what starting Node and listening costs by itself. */
listen((_request, response) => {
  response.writeHead(200, ['Content-Length', '2']);
  response.end('ok');
});

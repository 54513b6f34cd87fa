import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import type { Peer, Said } from './peers.ts';

const run = promisify(execFile);

/** Fetches a package from npm into a folder; the folder it is unpacked in. Throws where it can't be had. */
export async function fetchPeer(peer: Peer, scratch: string): Promise<string> {
  const folder = join(scratch, peer.package.replace(/\W+/g, '-'));
  mkdirSync(folder, { recursive: true });
  const spec = `${peer.package}@${peer.version}`;
  const { stdout } = await run('npm', ['pack', spec, '--json', '--pack-destination', folder]);
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  await run('tar', ['xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
  return join(folder, 'package');
}

const TYPES: Record<string, string> = { css: 'text/css', js: 'text/javascript' };

/** Serves a peer's files and its service's answers as the browser takes them from ours: in Brotli, as well as it can. */
export async function servePeer(
  peer: Peer,
  { folder, said }: { folder: string; said: Said[] },
): Promise<{ home: string; stop(): void }> {
  const files = new Map(
    peer.files.map((file) => [`/${file}`, brotliCompressSync(readFileSync(join(folder, file)))]),
  );
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const file = files.get(path);
    const answer = file ? null : peer.answer(path, said);
    const body = file ?? (answer === null ? null : brotliCompressSync(JSON.stringify(answer)));
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader(
      'Access-Control-Allow-Headers',
      request.headers['access-control-request-headers'] ?? '*',
    );
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    if (!body || request.method === 'OPTIONS') {
      response.writeHead(body ? 204 : 404).end();
      return;
    }
    const type = file ? TYPES[path.split('.').at(-1) ?? ''] : 'application/json';
    response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Content-Encoding': 'br' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    home: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitSettings, KeptBytes } from '../bare/bare-settings.ts';
import type { BenchContext } from '../bench-context.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { ADMIN_TOKEN, SECRET } from '../seed/sites.ts';
import { type Server, type ServerCommand, startServer } from '../servers.ts';
import { atRest } from './at-rest.ts';

/** So high that the checks run and never refuse. */
const NO_LIMIT = '1000000000/60';

/** The service as an operator starts it; limits stay on but are out of reach. */
export function gatehouseCommand(context: BenchContext, store: StoreSettings): ServerCommand {
  const place: Record<string, string> =
    store.kind === 'sqlite'
      ? { DATA_DIR: store.dataDir }
      : { MONGODB_URI: store.uri, DATA_DIR: context.scratch };
  return {
    args: [context.programs.gatehouse, 'serve'],
    env: {
      ...place,
      HOST: '127.0.0.1',
      PORT: '0',
      DEMO: 'off',
      GATEHOUSE_SECRET: SECRET,
      GATEHOUSE_ADMIN_TOKEN: ADMIN_TOKEN,
      RATE_LIMITS: ['comments', 'author', 'moderation'].map((name) => `${name}=${NO_LIMIT}`).join(','),
    },
  };
}

let files = 0;
function settingsFile(context: BenchContext, settings: KeptBytes | CommitSettings): string {
  files += 1;
  const path = join(context.scratch, `settings-${files}.json`);
  writeFileSync(path, JSON.stringify(settings));
  return path;
}

export const startGatehouse = (context: BenchContext, store: StoreSettings): Promise<Server> =>
  startServer(gatehouseCommand(context, store));

export const startAnswering = (context: BenchContext, kept: KeptBytes): Promise<Server> =>
  startServer({ args: [context.programs.answering, settingsFile(context, kept)], env: {} });

export const startCommitting = (context: BenchContext, settings: CommitSettings): Promise<Server> =>
  startServer({ args: [context.programs.committing, settingsFile(context, settings)], env: {} });

/** Runs the work with the servers, once they are at rest, and stops them whatever happens. */
export async function withServers<Result>(
  servers: Promise<Server>[],
  work: (...servers: Server[]) => Promise<Result>,
): Promise<Result> {
  const started = await Promise.allSettled(servers);
  const running = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  try {
    for (const each of started) if (each.status === 'rejected') throw each.reason;
    await atRest(running);
    return await work(...running);
  } finally {
    await Promise.all(running.map((server) => server.stop()));
  }
}

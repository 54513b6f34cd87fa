import { join } from 'node:path';
import { compose, type Gatehouse } from './compose.ts';
import { type Config, localUrl, readConfig } from './config.ts';
import { createDrainingServer, holdAnyPort } from './listen.ts';
import { localesProblem } from './locales.ts';
import { createLog, type Log } from './log.ts';
import { isOfTheDisk, StartupError } from './startup-error.ts';
import { codeOf } from './system-error.ts';

/** sysexits' EX_CONFIG: something in the settings has to change. */
const EXIT_CONFIG = 78;
/** Of the ten seconds between SIGTERM and the end: the rest is for the store to close. */
const DRAIN_MS = 7_000;
const CLOSE_MS = 2_000;
/** After it listens. */
const COMPLETE_AFTER_MS = 100;
/** After the store died: time for the waiting requests to get their 503. */
const DRAIN_AFTER_DEATH_MS = 1_000;

/**
 * The process: reads the settings, composes, listens, and drains on SIGTERM or SIGINT. Resolves to the exit
 * code: 0 after a signal, 78 where the settings can't be used, 1 where the service could not go on or the disk is full.
 */
export async function serve(): Promise<number> {
  // Whatever this process writes is its owner's to read: comments that wait are nobody else's business.
  process.umask(0o077);
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    return refuse(error);
  }
  const { log, flush } = createLog(config.logLevel);
  try {
    for (const warning of config.warnings) log.warn(warning);
    return await run(config, log);
  } catch (error) {
    if (error instanceof StartupError) return refuse(error);
    log.fatal({ err: error }, 'the service could not start');
    return 1;
  } finally {
    await flush();
  }
}

function refuse(error: unknown): number {
  if (!(error instanceof StartupError)) throw error;
  for (const problem of error.problems) process.stderr.write(`gatehouse: ${problem}\n`);
  return isOfTheDisk(error) ? 1 : EXIT_CONFIG;
}

async function run(config: Config, log: Log): Promise<number> {
  const problem = localesProblem();
  if (problem !== null) throw new StartupError([problem]);
  const ending = nextEnding(log);
  // A port that the system picks must be known before links are made; any other is opened when there are answers.
  const held = config.port === 0 ? await atStartup(config, holdAnyPort(config.host)) : null;
  const url = localUrl({ host: config.host, port: held?.port ?? config.port });

  const gatehouse = await compose({
    config,
    log,
    publicUrl: config.publicUrl ?? url,
    writerPath: join(__dirname, 'sqlite-writer.cjs'),
    dashboardDir: join(__dirname, 'dashboard'),
  });
  gatehouse.onFatal((error) => {
    log.fatal({ err: error }, 'the store can’t go on');
    ending.end(1);
  });
  const server = createDrainingServer(gatehouse.createServer());
  let completing: NodeJS.Timeout | undefined;
  try {
    await atStartup(config, server.listen(held ?? { host: config.host, port: config.port }));
    announce(log, { url, setupUrl: gatehouse.setupUrl() });
    completing = completeSoon(gatehouse, (error) => {
      log.fatal({ err: error }, 'the service could not be completed');
      ending.end(1);
    });
    const code = await ending.code;
    gatehouse.endStreams();
    const whole = await server.drain(code === 0 ? DRAIN_MS : DRAIN_AFTER_DEATH_MS);
    if (!whole) log.warn('some requests were still under way and have been cut');
    return code;
  } finally {
    clearTimeout(completing);
    await within(CLOSE_MS, gatehouse.close());
    log.info('stopped');
  }
}

/** Whoever asks in the first moment is answered first: loading the rest takes longer than their answers. */
function completeSoon(gatehouse: Gatehouse, fail: (error: unknown) => void): NodeJS.Timeout {
  return setTimeout(() => gatehouse.complete().catch(fail), COMPLETE_AFTER_MS);
}

/** An address that can't be listened on is a matter of settings. */
async function atStartup<T>({ host, port }: Config, listens: Promise<T>): Promise<T> {
  try {
    return await listens;
  } catch (error) {
    const code = codeOf(error);
    const why = code === 'EADDRINUSE' ? 'is in use by another process' : `can't be listened on (${code})`;
    throw new StartupError([`HOST, PORT: ${host} port ${port} ${why}`], error);
  }
}

/** The line operators and scripts wait for stands in the log whatever its level. */
function announce(log: Log, { url, setupUrl }: { url: string; setupUrl: string | null }): void {
  log.child({}, { level: 'info' }).info(setupUrl === null ? { url } : { url, setupUrl }, 'listening');
}

/**
 * How the process is told to end. A signal given again changes nothing: under `npm start` a Ctrl-C comes
 * from the terminal and once more from npm.
 */
function nextEnding(log: Log): { code: Promise<number>; end(code: number): void } {
  let end: (code: number) => void = () => undefined;
  const code = new Promise<number>((resolve) => {
    end = resolve;
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'stopping');
      end(0);
    });
  }
  const die = (error: unknown): void => {
    log.fatal({ err: error }, 'an error that nobody caught');
    end(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  return { code, end };
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

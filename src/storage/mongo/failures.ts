import mongoose from 'mongoose';
import { AppError, storeUnavailable } from '../../errors.ts';
import { DataUnfit } from '../../startup-error.ts';
import { systemErrorOf } from '../../system-error.ts';

/** What Atlas says by one code: a wrong password, a missing right, and a database that is over its quota. */
const ATLAS = 8000;
/**
 * The server's codes for "not now": no primary, stepping down, shutting down, out of time, disk full; and 11, 13, 18,
 * 391: rights or a password that were changed under a running service, which whoever changed them gives back.
 */
const NOT_NOW = new Set([
  ATLAS,
  ...[6, 7, 11, 13, 18, 24, 50, 63, 64, 79, 89, 91, 100, 112, 133, 150, 189, 202, 234, 262, 290, 391],
  ...[9001, 10058, 10107, 11600, 11602, 13388, 13435, 13436, 14031],
]);
const DUPLICATE_KEY = 11000;
const BAD_VALUE = 2;
const INVALID_NAMESPACE = 73;
/** No such collection, no such index. */
const NOT_THERE: readonly unknown[] = [26, 27];

const { MongoServerError, MongoError, MongoBulkWriteError } = mongoose.mongo;

/** Whether the error says that a unique value is taken. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Whether the error says that the index is not there which a query has to go by. */
export function isIndexMissing(error: unknown): boolean {
  return (
    error instanceof MongoServerError &&
    error.code === BAD_VALUE &&
    error.message.includes('hint provided does not correspond to an existing index')
  );
}

/** Whether the error says that the server tells of no changes of a database, which is its own. */
export function isNotWatched(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === INVALID_NAMESPACE;
}

/** Whether the error says that what was to be dropped is not there. */
export function isNotThere(error: unknown): boolean {
  return error instanceof MongoServerError && NOT_THERE.includes(error.code);
}

/**
 * The items of an unordered bulk that failed on their own: index → error; all others were written and
 * acknowledged. Throws the error on where that can't be said: the driver wraps a lost connection as if it
 * were the bulk's result, with no item named.
 */
export function itemErrors(error: unknown): Map<number, Error & { code: number }> {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const failures = [error.writeErrors].flat();
  if (failures.length === 0) throw error;
  return new Map(
    failures.map(({ index, code }) => [
      index,
      Object.assign(new MongoServerError({ message: 'a write of a bulk failed', code }), { code }),
    ]),
  );
}

/** The driver's errors quote the documents they failed on: only what names the failure goes on, to logs at most. */
function withoutDocuments(error: Error & { code?: unknown; codeName?: unknown }): Error {
  const { name, code, codeName } = error;
  const said = isDuplicateKey(error) ? 'a unique value is taken' : error.message.split('\n')[0];
  const why = isIndexMissing(error) ? 'an index is missing' : (codeName ?? said);
  const told = new Error(`${name}${code === undefined ? '' : ` ${String(code)}`}: ${String(why)}`);
  if (error.stack)
    told.stack = `${told.message}\n${error.stack
      .split('\n    at ')
      .slice(1)
      .map((line) => `    at ${line}`)
      .join('\n')}`;
  return told;
}

function isPassing(error: Error): boolean {
  if (error instanceof MongoBulkWriteError && error.code === undefined) return true;
  // It is being made again.
  if (isIndexMissing(error)) return true;
  if (error instanceof MongoServerError) {
    const labels = ['RetryableWriteError', 'NetworkError'];
    return error.errorLabels.some((label) => labels.includes(label)) || NOT_NOW.has(Number(error.code));
  }
  // Everything else that the driver throws is about the connection: none, lost, timed out, closed.
  return true;
}

/** What the domain is told: `store-unavailable` where the server was away, else the failure without its documents. */
export function asDomainError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  if (!(error instanceof MongoError || error.name.startsWith('Mongo'))) return error;
  const told = withoutDocuments(error);
  return isPassing(error) ? storeUnavailable(told) : told;
}

/** At a start no later try mends these: what has to change. */
const NO_RIGHTS =
  'the server does not let this user read and write the database: give it the role readWrite there';
const NO_USER =
  'the server does not take this user with this password; where users are kept in another database, authSource names it';

function refusalOf({ code, message }: mongoose.mongo.MongoServerError): string | null {
  const ofAtlas = (words: RegExp): boolean => code === ATLAS && words.test(message);
  if (code === 13 || ofAtlas(/not (allowed|authorized)/i)) return NO_RIGHTS;
  if (code === 18 || ofAtlas(/bad auth/i)) return NO_USER;
  if (OTHERWISE_REFUSED.includes(code)) return `the server can't use it: ${message.split('\n')[0]}`;
  return null;
}

/** A database's name that it takes from nobody, one that differs from another's in case alone, a way to sign in that it has not. */
const OTHERWISE_REFUSED: readonly unknown[] = [INVALID_NAMESPACE, 13297, 334];

/**
 * What the driver's parsers throw, of the string, of its options and of its hosts: two libraries have a first, and a
 * broken escape is the language's own. The last three come with the first connection: of a module that is not
 * installed, as for compression, of options that don't go together, of a server that can't go by them.
 */
const NOT_UNDERSTOOD = [
  ...['MongoParseError', 'MongoRuntimeError', 'MongoInvalidArgumentError', 'MongoMissingCredentialsError'],
  'URIError',
  ...['MongoMissingDependencyError', 'MongoAPIError', 'MongoCompatibilityError'],
];
/** Files that the string names, such as tlsCAFile. */
const FILE_FAILURES = ['ENOENT', 'EACCES', 'EISDIR'];

/**
 * A failure to open the database, as a start knows it: a DataUnfit where the connection string or the server's users
 * have to change, `store-unavailable` where the name of the servers could not be looked up, else the same. No password
 * is in what the driver says of a string.
 */
export function asStartFailure(error: unknown): unknown {
  const ofSystem = systemErrorOf(error);
  if (ofSystem && FILE_FAILURES.includes(ofSystem.code))
    return new DataUnfit(`it names a file that can't be read: ${ofSystem.message}`, { cause: error });
  // The records that mongodb+srv:// stands for.
  if (ofSystem?.syscall.startsWith('query')) return storeUnavailable(error);
  if (!(error instanceof Error)) return error;
  const why = NOT_UNDERSTOOD.includes(error.name)
    ? `the driver can't use it: ${error.message.split('\n')[0]}`
    : error instanceof MongoServerError && refusalOf(error);
  return why ? new DataUnfit(why, { cause: error }) : error;
}

/** The same keys under another name, the same name with other keys. */
const INDEX_CONFLICTS: readonly unknown[] = [85, 86];

/**
 * A failure to make a collection's indexes: a DataUnfit where one that somebody made stands in the way of one of ours,
 * else the same. What the server says of it names the index and quotes no document.
 */
export function asIndexFailure(error: unknown, collection: string): unknown {
  if (!(error instanceof MongoServerError) || !INDEX_CONFLICTS.includes(error.code)) return error;
  const why = `an index of the collection ${collection} stands in the way of one that is made at start; drop it`;
  return new DataUnfit(`${why} (${error.message.split('\n')[0]})`, { cause: error });
}

/** Runs driver calls; their failures come out as the domain knows them. */
export async function reaching<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw asDomainError(error);
  }
}

/** The way into the store: every call through it fails as the domain knows it, and is waited for at the end. */
export interface Gate {
  /** Every method of a port, wrapped; methods that answer at once, and what is no method, stay as they are. */
  port<T extends object>(port: T): T;
  /** Fulfilled once no call is under way. */
  empty(): Promise<void>;
}

/** `heard` is told of every failure as the driver has it. */
export function createGate(heard: (error: unknown) => void = () => undefined): Gate {
  const inside = new Set<Promise<unknown>>();
  const watched = (outcome: Promise<unknown>): Promise<unknown> => {
    const call = outcome.catch((error: unknown) => {
      heard(error);
      throw asDomainError(error);
    });
    inside.add(call);
    const leave = (): void => void inside.delete(call);
    call.then(leave, leave);
    return call;
  };
  const wrap = (member: unknown): unknown => {
    if (typeof member !== 'function') return member;
    return (...args: unknown[]): unknown => {
      const outcome: unknown = member(...args);
      return outcome instanceof Promise ? watched(outcome) : outcome;
    };
  };
  return {
    port<T extends object>(port: T): T {
      return Object.fromEntries(Object.entries(port).map(([name, member]) => [name, wrap(member)])) as T;
    },
    async empty() {
      while (inside.size > 0) await Promise.allSettled(inside);
    },
  };
}

/** Two upserts of one id at once: the server tells one of them that the id is taken, and it is an update now. */
export async function retryingUpsert<T>(upsert: () => Promise<T>): Promise<T> {
  try {
    return await upsert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return upsert();
  }
}

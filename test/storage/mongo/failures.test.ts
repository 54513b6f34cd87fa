import mongoose from 'mongoose';
import { DataUnfit } from '../../../src/startup-error.ts';
import { asDomainError, asStartFailure, itemErrors } from '../../../src/storage/mongo/failures.ts';

const { MongoBulkWriteError, MongoNetworkError, MongoServerError } = mongoose.mongo;

/** As the driver makes them: an item's own error stands in `writeErrors`, all else is wrapped around. */
function bulkError(error: object): mongoose.mongo.MongoBulkWriteError {
  const result = { getWriteConcernError: () => undefined };
  return Reflect.construct(MongoBulkWriteError, [error, result]) as mongoose.mongo.MongoBulkWriteError;
}

test('what single items of a bulk ran into is told by their index', () => {
  const error = bulkError({
    message: 'taken',
    code: 11000,
    writeErrors: [{ index: 3, code: 11000, errmsg: 'taken' }],
  });
  expect([...itemErrors(error)].map(([index, { code }]) => [index, code])).toEqual([[3, 11000]]);
});

test.each([
  ['a lost connection', new MongoNetworkError('connection 1 to 127.0.0.1:1 closed')],
  ['a server that shuts down', new MongoServerError({ message: 'interrupted at shutdown', code: 11600 })],
])('%s in a bulk fails the whole of it, as a store that is away', (_, cause) => {
  const error = bulkError(cause);
  expect(() => itemErrors(error)).toThrow(error);
  expect(asDomainError(error)).toMatchObject({ code: 'store-unavailable' });
});

test('an index that was dropped is a store that is away until it is made again, and is named as that', () => {
  const message =
    'error processing query: ns=gatehouse.comments limit=1 Tree: site $eq "news" planner returned error :: caused by :: ' +
    'hint provided does not correspond to an existing index';
  const error = new MongoServerError({ message, code: 2, codeName: 'BadValue' });
  expect(asDomainError(error)).toMatchObject({
    code: 'store-unavailable',
    cause: { message: 'MongoServerError 2: an index is missing' },
  });
  const other = new MongoServerError({
    message: 'unknown operator: $nonsense',
    code: 2,
    codeName: 'BadValue',
  });
  expect(asDomainError(other)).toMatchObject({ message: 'MongoServerError 2: BadValue' });
});

test.each([
  [11, 'UserNotFound'],
  [13, 'Unauthorized'],
  [18, 'AuthenticationFailed'],
  [391, 'ReauthenticationRequired'],
  [8000, 'AtlasError'],
])('rights that are taken from a running service (%i, %s) are a store that is away', (code, codeName) => {
  const refusal = { message: `not authorized on gatehouse to execute command`, code, codeName };
  expect(asDomainError(new MongoServerError(refusal))).toMatchObject({ code: 'store-unavailable' });
  const ofItem = bulkError({ message: 'refused', code, writeErrors: [] });
  expect(asDomainError(ofItem)).toMatchObject({ code: 'store-unavailable' });
});

test.each([
  ['not authorized on gatehouse to execute command', 13, /readWrite/],
  ['Authentication failed.', 18, /password/],
  ['user is not allowed to do action [createIndex] on [gatehouse.comments]', 8000, /readWrite/],
  ['bad auth : Authentication failed.', 8000, /password/],
])('a start is told what has to change where the server says "%s" (%i)', (message, code, advice) => {
  const failure = asStartFailure(new MongoServerError({ message, code })) as Error;
  expect(failure).toBeInstanceOf(DataUnfit);
  expect(failure.message).toMatch(advice);
});

test('a start on a database that is over its quota is one to try again', () => {
  const message = 'you are over your space quota, using 512 MB of 512 MB';
  const failure = asStartFailure(new MongoServerError({ message, code: 8000 }));
  expect(asDomainError(failure)).toMatchObject({ code: 'store-unavailable' });
});

import mongoose from 'mongoose';
import { asDomainError, itemErrorsOf } from '../../../src/storage/mongo/failures.ts';

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
  expect(itemErrorsOf(error)).toEqual(new Map([[3, { code: 11000, message: 'taken' }]]));
});

test.each([
  ['a lost connection', new MongoNetworkError('connection 1 to 127.0.0.1:1 closed')],
  ['a server that shuts down', new MongoServerError({ message: 'interrupted at shutdown', code: 11600 })],
])('%s in a bulk fails the whole of it, as a store that is away', (_, cause) => {
  const error = bulkError(cause);
  expect(() => itemErrorsOf(error)).toThrow(error);
  expect(asDomainError(error)).toMatchObject({ code: 'store-unavailable' });
});

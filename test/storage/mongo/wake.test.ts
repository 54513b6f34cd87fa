import { EventEmitter } from 'node:events';
import mongoose from 'mongoose';
import { wakeOnChange } from '../../../src/storage/mongo/wake.ts';

const refusal = (code: number) => new mongoose.mongo.MongoServerError({ message: 'refused', code });

/** A collection of a replica set whose change streams all end with the error. */
function collectionOf(error: Error) {
  const watch = jest.fn(() => {
    const stream = Object.assign(new EventEmitter(), { close: async () => undefined });
    process.nextTick(() => stream.emit('error', error));
    return stream;
  });
  const admin = () => ({ command: async () => ({ setName: 'rs' }) });
  return { collection: { db: { admin }, watch } as never, watch };
}

test.each([
  ['that breaks is opened again, and told of', refusal(136), 2],
  ['of a database whose changes the server tells nobody is not asked for again', refusal(73), 1],
])('a change stream %s', async (_, error, tries) => {
  jest.useFakeTimers({ doNotFake: ['nextTick'] });
  const { collection, watch } = collectionOf(error);
  const report = jest.fn();
  const waking = await wakeOnChange(collection, { onChange: () => undefined, report });
  await jest.advanceTimersByTimeAsync(3000);
  expect(watch).toHaveBeenCalledTimes(tries);
  expect(report).toHaveBeenCalledTimes(tries === 1 ? 0 : tries);
  await waking.stop();
  jest.useRealTimers();
});

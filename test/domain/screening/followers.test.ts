import { createFollowers } from '../../../src/screening/followers.ts';

/** A log whose reads end when the test says so. */
function slowLog() {
  const waiting: (() => void)[] = [];
  let looks = 0;
  return {
    looks: () => looks,
    catchUp() {
      looks += 1;
      return new Promise<void>((resolve) => waiting.push(resolve));
    },
    async answer() {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const neverCalled = (error: unknown) => {
  throw error;
};

/** Whether it settled by now. */
async function isSettled(work: Promise<void>): Promise<boolean> {
  const open = Symbol('open');
  const first = await Promise.race([work, new Promise((resolve) => setImmediate(resolve, open))]);
  return first !== open;
}

it('one look at a time, and one more for all the news that came meanwhile', async () => {
  const log = slowLog();
  const follower = createFollowers(neverCalled).follow(log.catchUp);
  for (let i = 0; i < 5; i++) follower.nudge();
  expect(log.looks()).toBe(1);
  await log.answer();
  expect(log.looks()).toBe(2);
  await log.answer();
  expect(log.looks()).toBe(2);
  expect(follower.ready()).toBeNull();
});

it('whoever waits has what came before they asked, also what came while a look was under way', async () => {
  const log = slowLog();
  const follower = createFollowers(neverCalled).follow(log.catchUp);
  follower.nudge();
  const early = follower.ready() as Promise<void>;
  follower.nudge();
  const late = follower.ready() as Promise<void>;
  await log.answer();
  expect(await isSettled(early)).toBe(true);
  expect(await isSettled(late)).toBe(false);
  await log.answer();
  expect(await isSettled(late)).toBe(true);
});

it('a look that fails is reported, and the next news tries again', async () => {
  const reported: unknown[] = [];
  let looks = 0;
  const follower = createFollowers((error) => reported.push(error)).follow(async () => {
    looks += 1;
    if (looks === 1) throw new Error('the store is away');
  });
  follower.nudge();
  await follower.ready();
  follower.nudge();
  await follower.ready();
  expect(reported).toEqual([new Error('the store is away')]);
  expect(looks).toBe(2);
});

it('a stop waits for the looks under way, of followers nobody holds too, and none begins after it', async () => {
  const log = slowLog();
  const followers = createFollowers(neverCalled);
  followers.follow(log.catchUp).nudge();
  const held = followers.follow(log.catchUp);
  held.nudge();
  held.nudge();
  const stopped = followers.stop();
  expect(followers.isStopped()).toBe(true);
  await log.answer();
  expect(await isSettled(stopped)).toBe(false);
  await log.answer();
  expect(await isSettled(stopped)).toBe(true);
  held.nudge();
  expect(log.looks()).toBe(2);
  expect(held.ready()).toBeNull();
});

import type { Posted } from '../../support/api-client.ts';
import { createApi } from '../../support/api-client.ts';
import type { Installation } from '../../support/built-service.ts';
import { createInstallation, launch } from '../../support/built-service.ts';
import type { Answer } from '../../support/http-client.ts';
import { expectJson, jsonOf } from '../../support/http-client.ts';
import { unlessMissing } from '../../support/not-run.ts';
import type { SmallDisk } from '../../support/tmpfs.ts';
import { mountSmallDisk, smallDiskMissing } from '../../support/tmpfs.ts';
import { until } from '../../support/until.ts';

const SITE = 'kept';

let comments = 0;
function newComment() {
  comments += 1;
  return {
    page: { url: `https://${SITE}.example/page` },
    author: { name: 'A reader', email: 'reader@readers.example' },
    // Every post is to take room of its own.
    body: `Comment ${comments} ${'x'.repeat(9000)}`,
  };
}

test('a second process on one DATA_DIR refuses to start, and the first goes on', async () => {
  const installation = createInstallation();
  try {
    const api = createApi(await installation.start());
    await api.createSite(SITE);
    const second = launch(['serve'], installation.env);
    const { code } = await second.ended;
    expect({
      code,
      said: second.stderr().length > 0,
      listening: second.stdout().includes('"listening"'),
    }).toEqual({
      code: 78,
      said: true,
      listening: false,
    });
    expect((await api.post(SITE, newComment())).status).toBe(201);
  } finally {
    await installation.dispose();
  }
});

// /proc makes no folder, and says of it that its parent is missing.
test.each(['/proc/none', '/proc/none/below'])(
  'a DATA_DIR that can’t be made ends the start: %s',
  async (dataDir) => {
    const installation = createInstallation({ dataDir });
    try {
      const { ended, stderr } = launch(['serve'], installation.env);
      expect(await ended).toMatchObject({ code: 78 });
      expect(stderr()).toContain('DATA_DIR');
    } finally {
      await installation.dispose();
    }
  },
);

unlessMissing({ missing: smallDiskMissing() })(
  'a full disk is told by 503 to writes and to readyz, reads go on, and it heals unaided',
  async () => {
    const disk: SmallDisk = mountSmallDisk(12);
    const installation: Installation = createInstallation({ dataDir: `${disk.folder}/data` });
    try {
      const service = await installation.start();
      const api = createApi(service);
      await api.createSite(SITE, { policy: { moderation: 'none' } });
      const acknowledged: string[] = [];
      const post = async (): Promise<Answer> => {
        const answer = await api.post(SITE, newComment());
        if (answer.status === 201) acknowledged.push(jsonOf<Posted>(answer).comment.id);
        return answer;
      };
      await post();
      disk.fill();
      const refused = await until('a write to be refused', async () => {
        const answer = await post();
        return answer.status === 201 ? null : answer;
      });
      expect(jsonOf(refused)).toMatchObject({ status: 503, code: 'store-unavailable' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      const keyed = newComment();
      const key = { 'Idempotency-Key': 'over-a-full-disk' };
      expect((await api.post(SITE, keyed, key)).status).toBe(503);
      await until('readyz to tell', async () => (await api.send({ path: '/readyz' })).status === 503);
      const page = `https://${SITE}.example/page`;
      expect((await api.list(SITE, { page })).total).toBe(acknowledged.length);
      expect((await api.send({ path: '/healthz' })).status).toBe(200);

      disk.empty();
      await until('readyz to heal', async () => (await api.send({ path: '/readyz' })).status === 200);
      await until('writes to be taken again', async () => (await post()).status === 201);
      // The key of a request that was refused is good for the same request again.
      acknowledged.push(expectJson<Posted>(await api.post(SITE, keyed, key), 201).comment.id);
      await service.stop();
      const after = createApi(await installation.start());
      const rows = await after.walkQueue({ site: SITE, status: 'all' });
      expect(rows.map(({ id }) => id).sort()).toEqual([...acknowledged].sort());
      expect((await after.counts(SITE)).approved).toBe(acknowledged.length);
      expectJson(await after.post(SITE, newComment()), 201);
    } finally {
      await installation.dispose();
      disk.unmount();
    }
  },
  90_000,
);

unlessMissing({ missing: smallDiskMissing() })(
  'a start on a full disk ends with 1 and says why, and the next one with room goes on as if nothing had been',
  async () => {
    const disk: SmallDisk = mountSmallDisk(12);
    const installation: Installation = createInstallation({ dataDir: `${disk.folder}/data` });
    const refused = async (): Promise<void> => {
      disk.fill();
      const { ended, stderr } = launch(['serve'], installation.env);
      expect({ ...(await ended), said: stderr() }).toMatchObject({
        code: 1,
        said: expect.stringMatching(/^gatehouse: DATA_DIR: .*the disk is full.*\n$/),
      });
      disk.empty();
    };
    try {
      await refused();
      const service = await installation.start();
      const api = createApi(service);
      await api.createSite(SITE, { policy: { moderation: 'none' } });
      const { comment } = expectJson<Posted>(await api.post(SITE, newComment()), 201);
      await service.stop();
      await refused();
      const after = createApi(await installation.start());
      expect((await after.walkQueue({ site: SITE, status: 'all' })).map(({ id }) => id)).toEqual([
        comment.id,
      ]);
    } finally {
      await installation.dispose();
      disk.unmount();
    }
  },
  90_000,
);

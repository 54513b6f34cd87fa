import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inBrowser } from '../support/browser.ts';
import { isLongRun } from '../support/long-run.ts';
import { fillIn, startWidgetWorld, type WidgetWorld } from '../support/widget-page.ts';

/** Pictures of the widget for docs/widget/, made anew by the long run. */

const FOLDER = join(__dirname, '../../docs/widget');
const PAGE = 'body{font:16px/1.6 "DejaVu Sans",sans-serif;max-width:46rem;margin:0 auto;padding:1rem';
const LOOKS = {
  light: `${PAGE};color:#222;background:#fff}`,
  dark: `${PAGE};color:#e3e3e3;background:#16181b}`,
};

/** What is said in each language: a question, an answer, a second word. */
const SAID: Record<string, { title: string; names: string[]; words: string[] }> = {
  fa: {
    title: 'زمستان در کوهستان',
    names: ['نیلوفر راد', 'گرداننده', 'Peter'],
    words: [
      'چه عکس‌های **زیبایی**! از کدام راه رفتید؟',
      'از درکه بالا رفتیم؛ سه ساعت راه بود.',
      'Beautiful! I wish I could come, too.',
    ],
  },
  ar: {
    title: 'الشتاء في الجبال',
    names: ['ليلى', 'سامي', 'Peter'],
    words: [
      'ما أجمل هذه **الصور**! من أي طريق صعدتم؟',
      'من الوادي، ثلاث ساعات سيرًا.',
      'Beautiful! I wish I could come, too.',
    ],
  },
  en: {
    title: 'Winter in the mountains',
    names: ['Ada', 'Ben', 'نیلوفر'],
    words: [
      'What **beautiful** pictures! Which way did you take?',
      'Up the valley, three hours on foot.',
      'چه عکس‌های زیبایی!',
    ],
  },
  zh: {
    title: '山中的冬天',
    names: ['小林', '阿明', 'Peter'],
    words: [
      '照片**真美**！你们走的是哪条路？',
      '沿着山谷上去，走了三个小时。',
      'Beautiful! I wish I could come, too.',
    ],
  },
};

let world: WidgetWorld;
beforeAll(async () => {
  if (isLongRun) world = (await startWidgetWorld()) as WidgetWorld;
});
afterAll(() => world?.close());

async function fill(lang: string): Promise<void> {
  const said = SAID[lang];
  const site = `picture-${lang}`;
  await world.site(site, { locale: lang, policy: { moderation: 'first' } });
  let parentId: string | null = null;
  for (const [i, body] of (said?.words ?? []).entries()) {
    const author = {
      name: said?.names[i],
      email: `p${i}@readers.example`,
      url: i === 2 ? 'https://peter.example/' : null,
    };
    const page = { url: `${world.origin}/${lang}`, title: said?.title };
    const { comment } = await world.api.posted(site, {
      page,
      author,
      body,
      parentId: i === 1 ? parentId : null,
    });
    await world.api.decide(comment.id, { action: 'approve' });
    parentId = comment.id;
  }
}

test('docs/widget/ has a picture for each language, width and look, and no more than it may weigh', () => {
  const files = readdirSync(FOLDER);
  const expected = Object.keys(SAID).flatMap((lang) =>
    ['320', '1280'].flatMap((width) => Object.keys(LOOKS).map((look) => `${lang}-${width}-${look}.jpg`)),
  );
  expect(files.sort()).toEqual(expected.sort());
  const bytes = files.reduce((sum, file) => sum + statSync(join(FOLDER, file)).size, 0);
  expect(bytes).toBeLessThan(2_000_000);
});

for (const lang of isLongRun ? Object.keys(SAID) : []) {
  inBrowser(`the widget in ${lang}, narrow and wide, light and dark`, async () => {
    mkdirSync(FOLDER, { recursive: true });
    await fill(lang);
    for (const [look, css] of Object.entries(LOOKS)) {
      for (const width of [320, 1280]) {
        const address = world.publish(`/${lang}`, `picture-${lang}`, {
          lang,
          css,
          title: SAID[lang]?.title,
        });
        const { page, context } = await world.open(address, {
          viewport: { width, height: 800 },
          colorScheme: look as 'light' | 'dark',
        });
        await page.waitForSelector('#respond');
        await fillIn(page, { comment: SAID[lang]?.words[0], name: SAID[lang]?.names[0], email: 'nobody' });
        await page.locator('#respond .actions button').nth(1).click();
        await page.waitForSelector('.preview strong');
        await page.click('#respond button[part~=submit]');
        await page.waitForSelector('[aria-invalid]');
        await page.waitForLoadState('networkidle');
        const path = join(FOLDER, `${lang}-${width}-${look}.jpg`);
        await page.screenshot({ path, fullPage: true, type: 'jpeg', quality: 60 });
        expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(width);
        await context.close();
      }
    }
  });
}

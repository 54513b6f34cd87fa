import type { Random } from '../random.ts';

/** Words as comments have them, for text of real length and real bytes per letter. */
const ENGLISH = (
  'the and that this with from they have about would there their which people because think time really ' +
  'article author point agree wrong right first years government city water paper reason question answer ' +
  'never always should could little another world different number part place where after thing work read ' +
  'better thank interesting mistake source evidence measure neighbour council budget school road river'
).split(' ');

const PERSIAN = (
  'و در به از که این را با است برای آن یک خود تا کرد بر هم نیز گفت می‌شود وی شد دارد ما اما یا شده باید هر ' +
  'آنها بود او دیگر دو مورد می‌کند شود کند وجود بین پیش شده‌است پس نظر اگر همه یکی حال هستند من کنند نیست ' +
  'باشد چه بی می بخش می‌کنند همین افزود هایی دارند راه همچنین روی داد بیشتر بسیار سه داشت چند سال کتاب مقاله ' +
  'نویسنده ممنون عالی موافقم مخالفم سؤال پاسخ شهر آب جاده مدرسه بودجه شورا دلیل منبع خواننده روزنامه'
).split(' ');

const FIRST_NAMES = [
  'Sara',
  'Omid',
  'Leila',
  'Anna',
  'مریم',
  'رضا',
  'زهرا',
  'Kian',
  'John',
  'نیلوفر',
  'Marta',
  'امیر',
];
const LAST_NAMES = [
  'Karimi',
  'Smith',
  'احمدی',
  'رضایی',
  'Novak',
  'حسینی',
  'Weber',
  'موسوی',
  'Jones',
  'کریمی',
];

/** A comment of 8 to 70 words in one or two paragraphs, Persian or English by half. */
export function makeText(random: Random): string {
  const words = random.next() < 0.5 ? ENGLISH : PERSIAN;
  const length = 8 + Math.floor(random.next() ** 2 * 62);
  const parts: string[] = [];
  for (let i = 0; i < length; i++) parts.push(random.pick(words));
  if (length > 30) parts[20] = `${parts[20]}.\n\n`;
  return `${parts.join(' ').replace('\n\n ', '\n\n')}.`;
}

export function makeName(random: Random): string {
  return `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
}

import { ICON } from '../pages/icon.ts';
import type { Operation } from '../route.ts';

export const showIcon: Operation = {
  name: 'showIcon',
  summary: 'The picture that browsers show beside the title of a page.',
  answers: { 200: 'SVG' },
  types: ['image/svg+xml'],
  async handle() {
    const headers = [
      'Content-Type',
      'image/svg+xml; charset=utf-8',
      'Cache-Control',
      'public, max-age=86400',
    ];
    return { kind: 'plain', status: 200, headers, body: ICON };
  },
};

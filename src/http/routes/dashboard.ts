import { AppError } from '../../errors.ts';
import { DASHBOARD_PAGE } from '../dashboard-files.ts';
import type { Reply } from '../reply.ts';
import { redirect } from '../reply.ts';
import type { App, Operation } from '../route.ts';

/** One of the dashboard's files. Throws `not-found`. */
function give({ dashboard }: App, name: string): Reply {
  const answer = dashboard.find(name);
  if (!answer) throw new AppError('not-found');
  return { kind: 'shared', answer };
}

export const getDashboard: Operation = {
  name: 'getDashboard',
  summary: 'The moderators’ dashboard: a page that makes the calls of this contract.',
  answers: { 200: 'An HTML page', 308: 'To the address with the slash' },
  types: ['text/html'],
  conditional: true,
  async handle({ url }, app) {
    // The router takes both forms; what the page loads lies beside it, wherever PUBLIC_URL is.
    const [path = ''] = url.split('?');
    return path.endsWith('/')
      ? give(app, DASHBOARD_PAGE)
      : redirect(308, `${app.config.publicUrl}/moderate/`);
  },
};

export const getDashboardFile: Operation = {
  name: 'getDashboardFile',
  summary: 'A script or stylesheet of the dashboard; its name changes with its bytes.',
  answers: { 200: 'The file' },
  types: ['text/javascript', 'text/css'],
  conditional: true,
  problems: ['not-found'],
  async handle({ params }, app) {
    return give(app, params.file ?? '');
  },
};

/**
 * Widgets of others, as npm has them, each with a page that carries it by its own documentation and with what
 * its service would answer. Whatever they would fetch from third parties is switched off, in their favour.
 */
export interface Peer {
  package: string;
  version: string;
  /** What a page loads of the package, by its path there. */
  files: string[];
  page(home: string): string;
  /** The answer of its service; null where that path is none of its. */
  answer(path: string, said: Said[]): unknown;
  isListing(path: string): boolean;
  /** Selectors of a comment, and of the field that one is written in. */
  comment: string;
  form: string;
}

export interface Said {
  name: string;
  text: string;
  /** Unix time in ms. */
  at: number;
}

/** https://waline.js.org/en/reference/client/props.html, …/en/reference/api/ */
const waline: Peer = {
  package: '@waline/client',
  version: '3.13.0',
  files: ['dist/waline.css', 'dist/waline.js'],
  page: (
    home,
  ) => `<link rel="stylesheet" href="${home}/dist/waline.css"><div id="comments"></div><script type="module">
import { init } from '${home}/dist/waline.js';
init({ el: '#comments', serverURL: '${home}', path: '/a', lang: 'en', emoji: false, search: false, imageUploader: false });
</script>`,
  isListing: (path) => path.startsWith('/api/comment?'),
  answer(path, said) {
    if (!path.startsWith('/api/comment?')) return path.startsWith('/api/') ? { errno: 0, data: [] } : null;
    const data = said.map(({ name, text, at }, index) => ({
      ...{ objectId: `${index}`, nick: name, link: '', avatar: '', comment: `<p>${text}</p>`, orig: text },
      ...{ time: at, like: 0, status: 'approved', type: 'guest', browser: '', os: '', addr: '' },
      ...{ user_id: null, level: 0, sticky: false, children: [] },
    }));
    return { errno: 0, data: { count: data.length, data, page: 1, pageSize: data.length, totalPages: 1 } };
  },
  comment: '.wl-card-item',
  form: 'textarea.wl-editor',
};

/** https://artalk.js.org/en/guide/frontend/config.html, https://artalk.js.org/http-api */
const artalk: Peer = {
  package: 'artalk',
  version: '2.9.1',
  files: ['dist/Artalk.css', 'dist/Artalk.js'],
  page: (
    home,
  ) => `<link rel="stylesheet" href="${home}/dist/Artalk.css"><div id="comments"></div><script src="${home}/dist/Artalk.js"></script><script>
Artalk.init({ el: '#comments', pageKey: '/a', pageTitle: 'A', server: '${home}', site: 'S', locale: 'en', emoticons: false, versionCheck: false, pvAdd: false });
</script>`,
  isListing: (path) => path.startsWith('/api/v2/comments'),
  answer(path, said) {
    if (path.startsWith('/api/v2/conf')) return { frontend_conf: {}, version: { version: '2.9.1' } };
    if (path.startsWith('/api/v2/pages/pv')) return { pv: 1 };
    if (!path.startsWith('/api/v2/comments')) return path.startsWith('/api/') ? {} : null;
    const comments = said.map(({ name, text, at }, index) => ({
      ...{ id: index + 1, content: text, content_marked: `<p>${text}</p>`, nick: name, link: '', rid: 0 },
      ...{ date: new Date(at).toISOString(), email_encrypted: '', ua: '', user_id: index + 1, visible: true },
      ...{
        is_collapsed: false,
        is_pending: false,
        is_pinned: false,
        is_verified: false,
        is_allow_reply: true,
      },
      ...{ page_key: '/a', page_url: '/a', site_name: 'S', vote_up: 0, vote_down: 0 },
    }));
    const page = { id: 1, key: '/a', title: 'A', url: '/a', admin_only: false, vote_up: 0, vote_down: 0 };
    return { comments, count: comments.length, roots_count: comments.length, page };
  },
  comment: '.atk-comment',
  form: 'textarea.atk-textarea',
};

export const PEERS: readonly Peer[] = [waline, artalk];

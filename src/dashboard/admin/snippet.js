import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { complain, notify } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
const BASE = new URL('../', location.href.split('#')[0]).href.replace(/\/$/, '');
async function copy(text) {
    // On plain http browsers have no clipboard for pages.
    if (!navigator.clipboard)
        return notify({ kind: 'bad', text: t('copy.byHand') });
    await navigator.clipboard.writeText(text);
    notify({ kind: 'good', text: t('copied') });
}
/** A text to take elsewhere. */
export function Copyable({ text, label }) {
    return (_jsxs("div", { class: "copyable", children: [_jsx("textarea", { readOnly: true, dir: "ltr", rows: Math.min(8, text.split('\n').length), "aria-label": label, value: text }), _jsx(Button, { onClick: () => void copy(text).catch(complain), children: t('copy') })] }));
}
/** What a publisher puts into a page: the thread of that page, framed, working without a script of ours. */
export function Snippet({ site }) {
    const src = `${BASE}/v1/sites/${site.id}/thread?page=PAGE_URL`;
    const html = `<iframe src="${src}" title="${t('snippet.frame')}" width="100%" height="900" loading="lazy"></iframe>`;
    return (_jsxs("section", { children: [_jsx("h2", { children: t('snippet.title') }), _jsx("p", { children: t('snippet.help') }), _jsx(Copyable, { text: html, label: t('snippet.title') })] }));
}

import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { Elsewhere } from '../comment/card.tsx';
import { hrefOf } from '../router.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, notify } from '../ui/notices.ts';
import { Button, Choice, Dialog, TextField } from '../ui/parts.tsx';
import { formatNumber, t } from '../words/index.ts';
const MODERATION = ['', 'all', 'first', 'unsure', 'none'];
const CLOSED = ['', 'true', 'false'];
/** What an admin says of one page; what is empty goes as the site does. */
function PageDialog({ site, page, onClose, }) {
    const [given, setGiven] = useState({
        title: page.title ?? '',
        closed: page.closed === null ? '' : String(page.closed),
        moderation: page.moderation ?? '',
    });
    const submit = async (event) => {
        event.preventDefault();
        const body = {
            title: given.title.trim() || null,
            closed: given.closed === '' ? null : given.closed === 'true',
            moderation: given.moderation || null,
            version: page.version,
        };
        await api(`admin/sites/${site.id}/pages/${page.key}`, { method: 'PATCH', body });
        notify({ kind: 'good', text: t('saved') });
        onClose(true);
    };
    return (_jsx(Dialog, { title: page.title ?? page.url ?? page.id ?? '', onClose: () => onClose(false), children: _jsxs("form", { onSubmit: (event) => void submit(event).catch(complain), children: [_jsx(TextField, { label: t('pages.title'), maxLength: 300, value: given.title, onInput: (event) => setGiven({ ...given, title: event.currentTarget.value }) }), _jsx(Choice, { label: t('pages.comments'), value: given.closed, options: CLOSED.map((one) => [one, t(`pages.closed.${one || 'site'}`)]), onChange: (closed) => setGiven({ ...given, closed }) }), _jsx(Choice, { label: t('policy.moderation'), value: given.moderation, options: MODERATION.map((one) => [one, one === '' ? t('pages.closed.site') : t(`policy.moderation.${one}`)]), onChange: (moderation) => setGiven({ ...given, moderation: moderation }) }), _jsx("p", { class: "actions", children: _jsx(Button, { type: "submit", look: "main", children: t('save') }) })] }) }));
}
function Table({ site, pages, onEdit }) {
    return (_jsx("div", { class: "wide", children: _jsxs("table", { class: "stacks", children: [_jsx("thead", { children: _jsxs("tr", { children: [_jsx("th", { scope: "col", children: t('pages.page') }), _jsx("th", { scope: "col", class: "number", children: t('status.pending') }), _jsx("th", { scope: "col", class: "number", children: t('status.approved') }), _jsx("th", { scope: "col", children: t('pages.comments') }), _jsx("th", { scope: "col", children: _jsx("span", { class: "unseen", children: t('action.edit') }) })] }) }), _jsx("tbody", { children: pages.map((page) => {
                        const { key, url, id, title, counts, closed } = page;
                        return (_jsxs("tr", { children: [_jsx("td", { "data-label": t('pages.page'), children: _jsxs("span", { children: [_jsx(Elsewhere, { url: url, text: title ?? url ?? id ?? '' }), ' ', url !== null && (_jsx("a", { href: hrefOf(['queue'], { status: 'all', site: site.id, page: url }), children: t('nav.queue') }))] }) }), _jsx("td", { class: "number", "data-label": t('status.pending'), children: formatNumber(counts.pending ?? 0) }), _jsx("td", { class: "number", "data-label": t('status.approved'), children: formatNumber(counts.approved ?? 0) }), _jsx("td", { "data-label": t('pages.comments'), children: t(`pages.closed.${closed ?? 'site'}`) }), _jsx("td", { children: _jsx(Button, { onClick: () => onEdit(page), children: t('action.edit') }) })] }, key));
                    }) })] }) }));
}
export function PagesPage({ site }) {
    const [asked, setAsked] = useState({ q: '', sort: 'recent' });
    const [edited, setEdited] = useState(null);
    const pages = usePages(`admin/sites/${site.id}/pages`, asked);
    return (_jsxs(_Fragment, { children: [_jsxs("div", { class: "filter-line", children: [_jsx(TextField, { label: t('search'), value: asked.q, onChange: (event) => setAsked({ ...asked, q: event.currentTarget.value.trim() }) }), _jsx(Choice, { label: t('sort'), value: asked.sort, options: [
                            ['recent', t('authors.recent')],
                            ['comments', t('authors.comments')],
                        ], onChange: (sort) => setAsked({ ...asked, sort }) })] }), _jsx(Paged, { pages: pages, empty: t('pages.none'), children: (items) => _jsx(Table, { site: site, pages: items, onEdit: setEdited }) }), edited && (_jsx(PageDialog, { site: site, page: edited, onClose: (changed) => {
                    setEdited(null);
                    if (changed)
                        void pages.reload();
                } }))] }));
}

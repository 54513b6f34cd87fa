import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { actName } from '../comment/reasons.ts';
import { reasonName } from '../queue/dialogs.tsx';
import { go, hrefOf, place } from '../router.ts';
import { siteName, siteOptions } from '../sites.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { Badge, Choice, TextField } from '../ui/parts.tsx';
import { formatMoment, t } from '../words/index.ts';
/** The acts that people look for most; the address takes any of the contract. */
const ACTIONS = [
    ...[
        'approve',
        'reject',
        'spam',
        'trash',
        'restore',
        'undo',
        'edit',
        'delete',
        'reveal',
        'reply',
        'highlight',
    ],
    ...['author-looked-up', 'author-trusted', 'author-held', 'author-banned', 'author-cleared', 'site-updated'],
    ...['wordlist-changed', 'page-updated', 'token-created', 'moderator-created', 'moderator-disabled'],
];
function Subject({ entry: { commentId, subject, action, site } }) {
    if (commentId !== null)
        return _jsx("a", { href: hrefOf(['comments', commentId]), children: t('comment') });
    if (subject !== undefined && action.startsWith('author-') && site !== null) {
        return _jsx("a", { href: hrefOf(['authors', subject], { site }), children: t('author') });
    }
    return null;
}
function Table({ entries }) {
    return (_jsx("div", { class: "wide", children: _jsxs("table", { class: "stacks", children: [_jsx("thead", { children: _jsxs("tr", { children: [_jsx("th", { scope: "col", children: t('audit.at') }), _jsx("th", { scope: "col", children: t('audit.by') }), _jsx("th", { scope: "col", children: t('audit.act') }), _jsx("th", { scope: "col", children: t('audit.what') }), _jsx("th", { scope: "col", children: t('site') }), _jsx("th", { scope: "col", children: t('note') })] }) }), _jsx("tbody", { children: entries.map((entry) => (_jsxs("tr", { children: [_jsx("td", { "data-label": t('audit.at'), children: formatMoment(entry.at) }), _jsx("td", { "data-label": t('audit.by'), children: _jsx("bdi", { children: entry.by.kind === 'system' ? t('actor.system') : entry.by.name }) }), _jsx("td", { "data-label": t('audit.act'), children: _jsxs("span", { children: [actName(entry.action), ' ', entry.to !== null && entry.to !== entry.from && _jsx(Badge, { status: entry.to })] }) }), _jsx("td", { "data-label": t('audit.what'), children: _jsx(Subject, { entry: entry }) }), _jsx("td", { "data-label": t('site'), children: _jsx("bdi", { children: entry.site === null ? '' : siteName(entry.site) }) }), _jsx("td", { "data-label": t('note'), children: _jsx("span", { dir: "auto", children: [entry.reason && reasonName(entry.reason), entry.note].filter(Boolean).join(' · ') }) })] }, entry.id))) })] }) }));
}
const day = (moment, end) => moment === '' ? '' : new Date(`${moment}T${end ? '23:59:59.999' : '00:00:00'}`).toISOString();
export function AuditPage() {
    const { query } = place.value;
    const read = (name) => query.get(name) ?? '';
    const [site, action, comment, since, until] = ['site', 'action', 'comment', 'since', 'until'].map(read);
    const shown = { site, action, comment, since, until };
    const change = (part) => go(['audit'], { ...shown, ...part });
    const pages = usePages('moderation/audit', {
        site,
        action,
        commentId: comment,
        since: day(since, false),
        until: day(until, true),
    });
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('nav.audit') }), _jsxs("div", { class: "filter-line", children: [_jsx(Choice, { label: t('site'), value: site, options: [['', t('site.all')], ...siteOptions()], onChange: (next) => change({ site: next }) }), _jsx(Choice, { label: t('audit.act'), value: action, options: [['', t('filter.any')], ...ACTIONS.map((one) => [one, actName(one)])], onChange: (next) => change({ action: next }) }), _jsx(TextField, { label: t('filter.since'), type: "date", value: since, onChange: (event) => change({ since: event.currentTarget.value }) }), _jsx(TextField, { label: t('filter.until'), type: "date", value: until, onChange: (event) => change({ until: event.currentTarget.value }) })] }), comment !== '' && (_jsxs("p", { children: [t('audit.one'), " ", _jsx("a", { href: hrefOf(['audit']), children: t('filter.clear') })] })), _jsx(Paged, { pages: pages, empty: t('audit.none'), children: (entries) => _jsx(Table, { entries: entries }) })] }));
}

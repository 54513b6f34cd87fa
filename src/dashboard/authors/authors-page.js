import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { go, hrefOf, place } from '../router.ts';
import { siteName, siteOptions, sites } from '../sites.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain } from '../ui/notices.ts';
import { Age, Button, Choice, StandingBadge, TextField } from '../ui/parts.tsx';
import { formatNumber, t } from '../words/index.ts';
import { AuthorPage } from './author-page.tsx';
const STANDINGS = ['new', 'known', 'trusted', 'held', 'banned'];
const SORTS = ['recent', 'comments', 'rejected'];
function Table({ authors }) {
    return (_jsx("div", { class: "wide", children: _jsxs("table", { class: "stacks", children: [_jsx("thead", { children: _jsxs("tr", { children: [_jsx("th", { scope: "col", children: t('me.name') }), _jsx("th", { scope: "col", children: t('standing') }), _jsx("th", { scope: "col", children: t('site') }), _jsx("th", { scope: "col", class: "number", children: t('status.approved') }), _jsx("th", { scope: "col", class: "number", children: t('status.rejected') }), _jsx("th", { scope: "col", class: "number", children: t('status.spam') }), _jsx("th", { scope: "col", children: t('author.last') })] }) }), _jsx("tbody", { children: authors.map(({ key, site, name, emailMasked, standing, counts, lastAt }) => (_jsxs("tr", { children: [_jsx("td", { "data-label": t('me.name'), children: _jsxs("span", { children: [_jsx("a", { href: hrefOf(['authors', key], { site }), children: _jsx("bdi", { children: name ?? t('nobody') }) }), ' ', _jsx("bdi", { class: "soft", children: emailMasked })] }) }), _jsx("td", { "data-label": t('standing'), children: _jsx(StandingBadge, { standing: standing }) }), _jsx("td", { "data-label": t('site'), children: _jsx("bdi", { children: siteName(site) }) }), ['approved', 'rejected', 'spam'].map((status) => (_jsx("td", { class: "number", "data-label": t(`status.${status}`), children: formatNumber(counts[status]) }, status))), _jsx("td", { "data-label": t('author.last'), children: lastAt !== null && _jsx(Age, { at: lastAt }) })] }, `${site} ${key}`))) })] }) }));
}
/** By their address, which stands in no URL; that it was looked for stands in the audit. */
function LookUp() {
    const first = sites.value?.[0]?.id ?? '';
    const [site, setSite] = useState('');
    const [email, setEmail] = useState('');
    const submit = async (event) => {
        event.preventDefault();
        const body = { site: site || first, email };
        const { key } = await api('moderation/authors/lookup', { method: 'POST', body });
        go(['authors', key], { site: body.site });
    };
    return (_jsxs("details", { children: [_jsx("summary", { children: t('lookup') }), _jsxs("form", { class: "panel", onSubmit: (event) => void submit(event).catch(complain), children: [_jsx(Choice, { label: t('site'), value: site || first, options: siteOptions(), onChange: setSite }), _jsx(TextField, { label: t('email'), help: t('lookup.help'), type: "email", dir: "ltr", required: true, value: email, onInput: (event) => setEmail(event.currentTarget.value) }), _jsx(Button, { type: "submit", children: t('search') })] })] }));
}
function Directory() {
    const { query } = place.value;
    const asked = Object.fromEntries(['site', 'standing', 'q', 'sort'].map((name) => [name, query.get(name) ?? '']));
    const pages = usePages('moderation/authors', asked);
    const change = (part) => go(['authors'], { ...asked, ...part });
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('nav.authors') }), _jsxs("div", { class: "filter-line", children: [_jsx(Choice, { label: t('site'), value: asked.site ?? '', options: [['', t('site.all')], ...siteOptions()], onChange: (site) => change({ site }) }), _jsx(Choice, { label: t('standing'), value: asked.standing ?? '', options: [['', t('filter.any')], ...STANDINGS.map((one) => [one, t(`standing.${one}`)])], onChange: (standing) => change({ standing }) }), _jsx(Choice, { label: t('sort'), value: asked.sort || 'recent', options: SORTS.map((one) => [one, t(`authors.${one}`)]), onChange: (sort) => change({ sort }) }), _jsx(TextField, { label: t('search'), value: asked.q ?? '', onChange: (event) => change({ q: event.currentTarget.value.trim() }) })] }), _jsx(LookUp, {}), _jsx(Paged, { pages: pages, empty: t('authors.none'), children: (authors) => _jsx(Table, { authors: authors }) })] }));
}
export function AuthorsPage() {
    const key = place.value.path[1];
    return key === undefined ? (_jsx(Directory, {})) : (_jsx(AuthorPage, { author: key, site: place.value.query.get('site') ?? '' }));
}

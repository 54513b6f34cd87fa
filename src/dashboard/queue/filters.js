import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { phaseName } from '../comment/reasons.ts';
import { counts } from '../counts.ts';
import { go } from '../router.ts';
import { siteOptions, sites } from '../sites.ts';
import { Button, Choice, TextField } from '../ui/parts.tsx';
import { formatNumber, t } from '../words/index.ts';
import { hrefOfFilter, queryOf, TABS } from './filter.ts';
const PHASES = [
    'trap',
    'too-soon',
    'own-email',
    'links',
    'contacts',
    'script',
    'wordlist',
    'author',
    'moderation',
];
const SORTS = ['', 'newest', 'risk'];
export function Tabs({ filter }) {
    return (_jsxs("nav", { class: "tabs", "aria-label": t('queue.tabs'), children: [TABS.map((status) => (_jsxs("a", { href: hrefOfFilter({ ...filter, status, view: '' }), "aria-current": status === filter.status && filter.view === '' ? 'page' : undefined, children: [t(`tab.${status}`), counts.value && status !== 'all' && (_jsx("span", { class: "count", children: formatNumber(counts.value[status]) }))] }, status))), filter.view === 'mine' && (_jsx("a", { href: hrefOfFilter(filter), "aria-current": "page", children: t('tab.mine') }))] }));
}
const change = (filter, part) => go(['queue'], queryOf({ ...filter, ...part }));
function Search({ filter }) {
    const [text, setText] = useState(filter.q);
    return (_jsx("search", { class: "search", children: _jsx("form", { onSubmit: (event) => {
                event.preventDefault();
                change(filter, { q: text.trim() });
                document.querySelector('#search')?.blur();
            }, children: _jsx("input", { id: "search", type: "search", dir: "auto", maxLength: 200, value: text, "aria-label": t('search'), placeholder: t('search.hint'), onInput: (event) => setText(event.currentTarget.value), onKeyDown: (event) => {
                    if (event.code === 'Escape')
                        event.currentTarget.blur();
                } }) }) }));
}
function More({ filter }) {
    const set = (part) => change(filter, part);
    return (_jsxs("div", { class: "more-filters", children: [_jsx(Choice, { label: t('filter.phase'), value: filter.phase, options: [['', t('filter.any')], ...PHASES.map((phase) => [phase, phaseName(phase)])], onChange: (phase) => set({ phase }) }), _jsx(Choice, { label: t('sort'), value: filter.sort, options: SORTS.map((sort) => [sort, t(`sort.${sort || 'oldest'}`)]), onChange: (sort) => set({ sort }) }), _jsx(TextField, { label: t('filter.page'), dir: "ltr", value: filter.page, onChange: (event) => set({ page: event.currentTarget.value.trim() }) }), _jsx(TextField, { label: t('filter.since'), type: "date", value: filter.since, onChange: (event) => set({ since: event.currentTarget.value }) }), _jsx(TextField, { label: t('filter.until'), type: "date", value: filter.until, onChange: (event) => set({ until: event.currentTarget.value }) })] }));
}
const narrows = ({ author, page, phase, reason, since, until, sort, q }) => [author, page, phase, reason, since, until, sort, q].some((part) => part !== '');
export function Filters({ filter }) {
    const [open, setOpen] = useState(false);
    return (_jsxs("div", { class: "filters", children: [_jsxs("div", { class: "filter-line", children: [(sites.value?.length ?? 0) > 1 && (_jsxs("select", { "aria-label": t('site'), value: filter.site, onChange: (event) => change(filter, { site: event.currentTarget.value }), children: [_jsx("option", { value: "", children: t('site.all') }), siteOptions().map(([id, name]) => (_jsx("option", { value: id, selected: id === filter.site, children: name }, id)))] })), _jsx(Search, { filter: filter }, filter.q), _jsx(Button, { "aria-expanded": open, onClick: () => setOpen(!open), children: t('filter') }), narrows(filter) && (_jsx("a", { class: "button button-plain", href: hrefOfFilter({ ...EMPTY, status: filter.status, site: filter.site }), children: t('filter.clear') }))] }), open && _jsx(More, { filter: filter })] }));
}
const EMPTY = {
    ...{ status: 'pending', site: '', q: '', author: '', page: '', phase: '', reason: '' },
    ...{ since: '', until: '', sort: '', view: '' },
};

import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { phaseName } from '../comment/reasons.ts';
import { go, place } from '../router.ts';
import { siteOptions } from '../sites.ts';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { Choice } from '../ui/parts.tsx';
import { formatDay, formatNumber, formatShare, formatSpan, t, tCount } from '../words/index.ts';
import { Legend, VolumeChart } from './chart.tsx';
const SPANS = ['7', '30', '90', '365'];
function Table({ caption, head, children }) {
    return (_jsx("div", { class: "wide panel", children: _jsxs("table", { children: [_jsx("caption", { children: caption }), _jsx("thead", { children: _jsx("tr", { children: head.map((words, index) => (_jsx("th", { scope: "col", class: index > 0 ? 'number' : undefined, children: words }, words))) }) }), _jsx("tbody", { children: children })] }) }));
}
const Numbers = ({ of }) => of.map((value, index) => (_jsx("td", { class: "number", children: typeof value === 'number' ? formatNumber(value) : value }, `${index}`)));
function Tiles({ stats: { volume, timeToDecision } }) {
    const sum = (part) => volume.reduce((all, each) => all + each[part], 0);
    const tiles = [
        [t('stats.created'), formatNumber(sum('created'))],
        [t('status.approved'), formatNumber(sum('approved'))],
        [t('status.rejected'), formatNumber(sum('rejected'))],
        [t('status.spam'), formatNumber(sum('spam'))],
        [t('stats.p50'), formatSpan(timeToDecision.p50Seconds)],
        [t('stats.p90'), formatSpan(timeToDecision.p90Seconds)],
    ];
    return (_jsx("div", { class: "tiles", children: tiles.map(([words, value]) => (_jsxs("div", { class: "tile", children: [_jsx("strong", { children: value }), words] }, words))) }));
}
function Phases({ phases }) {
    const head = [
        'stats.phase',
        'outcome.hold',
        'status.spam',
        'status.rejected',
        'stats.decided',
        'stats.rate',
    ];
    return (_jsx(Table, { caption: t('stats.phases'), head: head.map((key) => t(key)), children: phases.map(({ phase, held, spam, rejected, decided, rate }) => (_jsxs("tr", { children: [_jsx("th", { scope: "row", children: phaseName(phase) }), _jsx(Numbers, { of: [held, spam, rejected, decided] }), _jsxs("td", { class: "number", children: [_jsx("span", { class: "share", "aria-hidden": "true", children: _jsx("span", { style: { inlineSize: `${rate * 100}%` } }) }), formatShare(rate)] })] }, phase))) }));
}
function Days({ volume }) {
    const busy = volume.filter(({ created, approved, rejected, spam }) => created + approved + rejected + spam > 0);
    const head = ['stats.day', 'stats.created', 'status.approved', 'status.rejected', 'status.spam'];
    return (_jsxs("details", { children: [_jsx("summary", { children: t('stats.numbers') }), _jsx(Table, { caption: t('stats.chart'), head: head.map((key) => t(key)), children: busy.map(({ day, created, approved, rejected, spam }) => (_jsxs("tr", { children: [_jsx("th", { scope: "row", children: formatDay(day) }), _jsx(Numbers, { of: [created, approved, rejected, spam] })] }, day))) })] }));
}
function Shown({ stats }) {
    const head = ['stats.moderator', 'stats.decisions', 'stats.overturned'];
    return (_jsxs(_Fragment, { children: [_jsx(Tiles, { stats: stats }), _jsxs("section", { class: "panel", children: [_jsx("h2", { children: t('stats.chart') }), _jsx(Legend, {}), _jsx(VolumeChart, { volume: stats.volume }), _jsx(Days, { volume: stats.volume })] }), _jsx(Phases, { phases: stats.phases }), _jsx(Table, { caption: t('stats.moderators'), head: head.map((key) => t(key)), children: stats.moderators.map(({ by, decisions, overturned }) => (_jsxs("tr", { children: [_jsx("th", { scope: "row", children: _jsx("bdi", { children: by.name }) }), _jsx(Numbers, { of: [decisions, overturned] })] }, by.id))) }), _jsx("p", { class: "soft", children: t('stats.help') })] }));
}
export function StatsPage() {
    const { query } = place.value;
    const site = query.get('site') ?? '';
    const days = query.get('days') ?? '30';
    const { data, error, reload } = useLoaded('moderation/stats', { site, days });
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('nav.stats') }), _jsxs("div", { class: "filter-line", children: [_jsx(Choice, { label: t('site'), value: site, options: [['', t('site.all')], ...siteOptions()], onChange: (next) => go(['stats'], { site: next, days }) }), _jsx(Choice, { label: t('stats.span'), value: days, options: SPANS.map((span) => [span, tCount('days', Number(span))]), onChange: (next) => go(['stats'], { site, days: next }) })] }), data ? _jsx(Shown, { stats: data }) : _jsx(Waiting, { error: error, reload: reload })] }));
}

import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { Elsewhere } from '../comment/card.tsx';
import { reasonName } from '../queue/dialogs.tsx';
import { hrefOf } from '../router.ts';
import { reasonsOf, siteName } from '../sites.ts';
import { Paged, useLoaded, usePages, Waiting } from '../ui/loading.tsx';
import { notify, wordsOf } from '../ui/notices.ts';
import { Age, Badge, Button, Choice, StandingBadge, TextField } from '../ui/parts.tsx';
import { formatMoment, formatNumber, t, tCount } from '../words/index.ts';
const SET = ['trusted', 'held', 'banned', ''];
const EXISTING = ['keep', 'reject', 'spam', 'trash'];
const DAYS = ['', '1', '7', '30', '365'];
const DAY_MS = 86400000;
/** A person's word on an author, for how long, and what becomes of what they have written. */
function JudgeForm({ author, onJudged }) {
    const [given, setGiven] = useState({
        standing: 'banned',
        days: '',
        existing: 'keep',
        reason: '',
        note: '',
    });
    const [wrong, setWrong] = useState('');
    const set = (part) => setGiven({ ...given, ...part });
    const submit = async (event) => {
        event.preventDefault();
        const { standing, days, existing, reason, note } = given;
        const until = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
        try {
            const judged = await api(`moderation/authors/${author.key}`, {
                method: 'PATCH',
                query: { site: author.site },
                body: {
                    standing: standing || null,
                    until: standing === '' ? null : until,
                    existing,
                    reason: reason || null,
                    note: note.trim() || null,
                    version: author.version,
                },
            });
            setWrong('');
            notify({ kind: 'good', text: judged.decided > 0 ? tCount('judged', judged.decided) : t('saved') });
            onJudged(judged.author);
        }
        catch (error) {
            setWrong(wordsOf(error));
        }
    };
    return (_jsxs("form", { class: "panel", onSubmit: (event) => void submit(event), children: [_jsx("h2", { children: t('judge') }), _jsxs("div", { class: "two", children: [_jsx(Choice, { label: t('standing'), help: t(`judge.${given.standing || 'clear'}`), value: given.standing, options: SET.map((one) => [one, one === '' ? t('judge.none') : t(`standing.${one}`)]), onChange: (standing) => set({ standing }) }), _jsx(Choice, { label: t('judge.until'), value: given.days, options: DAYS.map((days) => [days, days === '' ? t('judge.ever') : tCount('days', Number(days))]), onChange: (days) => set({ days }) }), _jsx(Choice, { label: t('judge.existing'), value: given.existing, options: EXISTING.map((one) => [one, t(`existing.${one}`)]), onChange: (existing) => set({ existing }) }), _jsx(Choice, { label: t('reason'), value: given.reason, options: [
                            ['', t('reject.plain')],
                            ...reasonsOf(author.site).map((one) => [one, reasonName(one)]),
                        ], onChange: (reason) => set({ reason }) })] }), _jsx(TextField, { label: t('note'), help: t('note.help'), maxLength: 1000, error: wrong, value: given.note, onInput: (event) => set({ note: event.currentTarget.value }) }), _jsx(Button, { type: "submit", look: given.standing === 'banned' ? 'danger' : 'main', children: t('judge.do') })] }));
}
function Written({ author: { key, site } }) {
    const pages = usePages('moderation/queue', {
        author: key,
        site,
        status: 'all',
        sort: 'newest',
    });
    return (_jsxs("section", { children: [_jsx("h2", { children: t('author.comments') }), _jsx("p", { children: _jsx("a", { href: hrefOf(['queue'], { author: key, site, status: 'all' }), children: t('author.queue') }) }), _jsx(Paged, { pages: pages, empty: t('queue.none'), children: (comments) => (_jsx("ul", { class: "history", children: comments.map(({ id, body, status, createdAt, page }) => (_jsxs("li", { children: [_jsxs("p", { children: [_jsx(Badge, { status: status }), ' ', _jsx("a", { href: hrefOf(['comments', id]), children: _jsx(Age, { at: createdAt }) }), ' ', _jsx("bdi", { class: "soft", children: page.title ?? page.url })] }), _jsx("p", { class: "text", dir: "auto", children: body?.text ?? t('erased') })] }, id))) })) })] }));
}
function Facts({ author }) {
    const { site, names, url, emailMasked, standing, until, by, at, reason, firstAt, lastAt, counts } = author;
    return (_jsxs("div", { class: "panel", children: [_jsxs("p", { children: [_jsx(StandingBadge, { standing: standing }), ' ', by !== null && at !== null && t('author.setBy', { name: by.name, at: formatMoment(at) }), ' ', until !== null && t('author.until', { at: formatMoment(until) }), ' ', reason !== null && _jsx("bdi", { children: reasonName(reason) })] }), _jsxs("p", { class: "soft", children: [_jsx("bdi", { children: siteName(site) }), " \u00B7 ", _jsx("bdi", { children: emailMasked }), " ", url !== null && _jsx(Elsewhere, { url: url })] }), names.length > 1 && _jsx("p", { children: t('author.names', { names: names.join(' · ') }) }), _jsxs("p", { class: "soft", children: [firstAt !== null && (_jsxs(_Fragment, { children: [t('author.first'), " ", _jsx(Age, { at: firstAt }), " \u00B7", ' '] })), lastAt !== null && (_jsxs(_Fragment, { children: [t('author.last'), " ", _jsx(Age, { at: lastAt })] }))] }), _jsx("div", { class: "tiles", children: ['pending', 'approved', 'reported', 'rejected', 'spam', 'trash'].map((status) => (_jsxs("div", { class: "tile", children: [_jsx("strong", { children: formatNumber(counts[status]) }), t(`tab.${status}`)] }, status))) })] }));
}
export function AuthorPage({ author: key, site }) {
    const path = `moderation/authors/${encodeURIComponent(key)}`;
    const { data: author, error, reload, replace } = useLoaded(path, { site });
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: _jsx("bdi", { children: author ? (author.name ?? t('nobody')) : t('nav.authors') }) }), author ? (_jsxs(_Fragment, { children: [_jsx(Facts, { author: author }), _jsx(JudgeForm, { author: author, onJudged: replace }), _jsx(Written, { author: author }, author.version)] })) : (_jsx(Waiting, { error: error, reload: reload }))] }));
}

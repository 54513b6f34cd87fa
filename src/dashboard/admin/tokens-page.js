import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { siteName } from '../sites.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, wordsOf } from '../ui/notices.ts';
import { Age, Button, Choice, TextField } from '../ui/parts.tsx';
import { formatMoment, t, tCount } from '../words/index.ts';
import { ScopeFields } from './scope-fields.tsx';
import { Copyable } from './snippet.tsx';
const DAYS = ['', '30', '90', '365'];
const DAY_MS = 86400000;
function NewToken({ onMade }) {
    const [name, setName] = useState('');
    const [days, setDays] = useState('90');
    const [scope, setScope] = useState({ role: 'moderator', sites: [] });
    const [wrong, setWrong] = useState('');
    const submit = async (event) => {
        event.preventDefault();
        const expiresAt = days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
        try {
            const body = { name, ...scope, expiresAt };
            const { token } = await api('admin/tokens', { method: 'POST', body, insist: true });
            setName('');
            setWrong('');
            onMade(token);
        }
        catch (error) {
            setWrong(wordsOf(error));
        }
    };
    return (_jsxs("form", { class: "panel narrow", onSubmit: (event) => void submit(event), children: [_jsx("h2", { children: t('tokens.new') }), _jsx(TextField, { label: t('me.name'), help: t('tokens.nameHelp'), required: true, error: wrong, value: name, onInput: (event) => setName(event.currentTarget.value) }), _jsx(Choice, { label: t('tokens.until'), value: days, options: DAYS.map((one) => [one, one === '' ? t('judge.ever') : tCount('days', Number(one))]), onChange: setDays }), _jsx(ScopeFields, { value: scope, onChange: setScope }), _jsx(Button, { type: "submit", look: "main", disabled: scope.sites.length === 0, children: t('tokens.make') })] }));
}
function Row({ token, onRemove }) {
    const { name, hint, role, sites, expiresAt, lastUsedAt } = token;
    const [asks, setAsks] = useState(false);
    return (_jsxs("tr", { children: [_jsx("td", { "data-label": t('me.name'), children: _jsxs("span", { children: [_jsx("bdi", { children: name }), " ", _jsxs("bdi", { class: "soft", children: ["\u2026", hint] })] }) }), _jsx("td", { "data-label": t('role'), children: t(`role.${role}`) }), _jsx("td", { "data-label": t('nav.sites'), children: _jsx("bdi", { children: sites.includes('*') ? t('site.all') : sites.map(siteName).join(', ') }) }), _jsx("td", { "data-label": t('tokens.until'), children: expiresAt === null ? t('judge.ever') : formatMoment(expiresAt) }), _jsx("td", { "data-label": t('tokens.used'), children: lastUsedAt === null ? '–' : _jsx(Age, { at: lastUsedAt }) }), _jsx("td", { children: _jsx(Button, { look: "danger", onClick: () => (asks ? onRemove() : setAsks(true)), children: asks ? t('tokens.sure') : t('tokens.remove') }) })] }));
}
export function TokensPage() {
    const pages = usePages('admin/tokens');
    const [secret, setSecret] = useState(null);
    const head = ['me.name', 'role', 'nav.sites', 'tokens.until', 'tokens.used'];
    const remove = async (id) => {
        await api(`admin/tokens/${id}`, { method: 'DELETE' });
        await pages.reload();
    };
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('nav.tokens') }), secret !== null && (_jsxs("div", { class: "panel", role: "status", children: [_jsx("p", { children: t('tokens.once') }), _jsx(Copyable, { text: secret, label: t('tokens.secret') })] })), _jsx(Paged, { pages: pages, empty: t('tokens.none'), children: (tokens) => (_jsx("div", { class: "wide", children: _jsxs("table", { class: "stacks", children: [_jsx("thead", { children: _jsxs("tr", { children: [head.map((key) => (_jsx("th", { scope: "col", children: t(key) }, key))), _jsx("th", { scope: "col", children: _jsx("span", { class: "unseen", children: t('tokens.remove') }) })] }) }), _jsx("tbody", { children: tokens.map((token) => (_jsx(Row, { token: token, onRemove: () => void remove(token.id).catch(complain) }, token.id))) })] }) })) }), _jsx(NewToken, { onMade: (made) => {
                    setSecret(made);
                    void pages.reload();
                } })] }));
}

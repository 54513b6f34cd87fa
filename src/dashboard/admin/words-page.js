import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useEffect, useState } from 'preact/hooks';
import { ApiError, api } from '../api/client.ts';
import { hrefOf } from '../router.ts';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { complain, notify, wordsOf } from '../ui/notices.ts';
import { Badge, Button, Field, TextField } from '../ui/parts.tsx';
import { t, tCount } from '../words/index.ts';
const termsOf = (text) => text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
/** Milliseconds after the last letter. */
const PAUSE = 250;
/** What the saved lists find in a text, as one types. */
function LiveTest({ site, version }) {
    const [text, setText] = useState('');
    const [found, setFound] = useState([]);
    useEffect(() => {
        if (text === '')
            return setFound([]);
        const timer = setTimeout(() => {
            const call = { method: 'POST', body: { text } };
            api(`admin/sites/${site.id}/wordlist/test`, call).then(({ matches }) => setFound(matches), complain);
        }, PAUSE);
        return () => clearTimeout(timer);
    }, [text, version]);
    return (_jsxs("section", { class: "panel", children: [_jsx("h2", { children: t('words.test') }), _jsx(Field, { label: t('words.text'), help: t('words.testHelp'), children: (ids) => (_jsx("textarea", { ...ids, rows: 3, dir: "auto", value: text, onInput: (event) => setText(event.currentTarget.value) })) }), _jsxs("div", { role: "status", children: [text !== '' && found.length === 0 && _jsx("p", { children: t('words.nothing') }), _jsx("ul", { children: found.map(({ list, term, start, end }) => (_jsxs("li", { children: [_jsx("mark", { children: text.slice(start, end) }), " \u2014 ", t(`words.${list}Short`), ": ", _jsx("bdi", { children: term })] }, `${list}${term}${start}`))) })] })] }));
}
/** What lists would have done to what has been written, before they are saved. */
function Past({ site, lists }) {
    const [days, setDays] = useState('30');
    const [preview, setPreview] = useState(null);
    const look = () => {
        const body = { ...lists, days: Number(days) };
        api(`admin/sites/${site.id}/wordlist/preview`, { method: 'POST', body }).then(setPreview, complain);
    };
    return (_jsxs("section", { class: "panel", children: [_jsx("h2", { children: t('words.preview') }), _jsx("p", { class: "soft", children: t('words.previewHelp') }), _jsx(TextField, { label: t('words.days'), type: "number", dir: "ltr", min: 1, max: 3650, value: days, onInput: (event) => setDays(event.currentTarget.value) }), _jsx(Button, { onClick: look, children: t('words.look') }), preview && (_jsxs("div", { role: "status", children: [_jsxs("p", { children: [tCount('words.matched', preview.matched), " ", tCount('words.approved', preview.approvedMatched)] }), _jsx("ul", { class: "history", children: preview.sample.map(({ id, status, body, author }) => (_jsxs("li", { children: [_jsx(Badge, { status: status }), ' ', _jsx("a", { href: hrefOf(['comments', id]), children: _jsx("bdi", { children: author?.name ?? t('nobody') }) }), _jsx("p", { class: "text", dir: "auto", children: body?.text.slice(0, 300) })] }, id))) })] }))] }));
}
function Lists({ site, saved, onSaved, }) {
    const [texts, setTexts] = useState({ hold: saved.hold.join('\n'), reject: saved.reject.join('\n') });
    const [wrong, setWrong] = useState('');
    const lists = { hold: termsOf(texts.hold), reject: termsOf(texts.reject) };
    const submit = async (event) => {
        event.preventDefault();
        try {
            const body = { ...lists, version: saved.version };
            onSaved(await api(`admin/sites/${site.id}/wordlist`, { method: 'PUT', body }));
            setWrong('');
            notify({ kind: 'good', text: t('saved') });
        }
        catch (error) {
            if (!(error instanceof ApiError))
                throw error;
            setWrong(wordsOf(error));
        }
    };
    return (_jsxs(_Fragment, { children: [_jsxs("form", { onSubmit: (event) => void submit(event), children: [_jsx("p", { class: "soft", children: t('words.help') }), _jsx("div", { class: "two", children: ['hold', 'reject'].map((name) => (_jsx(Field, { label: t(`words.${name}`), help: tCount('words.terms', lists[name].length), children: (ids) => (_jsx("textarea", { ...ids, rows: 10, dir: "auto", spellcheck: false, value: texts[name], onInput: (event) => setTexts({ ...texts, [name]: event.currentTarget.value }) })) }, name))) }), wrong !== '' && (_jsx("p", { class: "wrong", role: "alert", children: wrong })), _jsx(Button, { type: "submit", look: "main", children: t('save') })] }), _jsx(Past, { site: site, lists: lists })] }));
}
export function WordsPage({ site }) {
    const { data, error, reload, replace } = useLoaded(`admin/sites/${site.id}/wordlist`);
    if (!data)
        return _jsx(Waiting, { error: error, reload: reload });
    return (_jsxs(_Fragment, { children: [_jsx(Lists, { site: site, saved: data, onSaved: replace }), _jsx(LiveTest, { site: site, version: data.version })] }));
}

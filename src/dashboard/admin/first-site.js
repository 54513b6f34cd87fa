import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { ApiError, api } from '../api/client.ts';
import { loadSites } from '../sites.ts';
import { wordsOf } from '../ui/notices.ts';
import { Button, Choice, TextField } from '../ui/parts.tsx';
import { LANGUAGES, language, t } from '../words/index.ts';
import { Snippet } from './snippet.tsx';
const idOf = (name) => name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
/** A new site: what it is called, where it is, what it speaks. Everything else has a default. */
export function NewSite({ onMade }) {
    const [given, setGiven] = useState({ name: '', id: '', origin: '', locale: language.peek() });
    const [wrong, setWrong] = useState(null);
    const set = (part) => setGiven({ ...given, ...part });
    const errorAt = (pointer) => wrong?.errors.find((error) => error.pointer?.startsWith(pointer))?.detail;
    const submit = async (event) => {
        event.preventDefault();
        const { origin, ...rest } = given;
        const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
        try {
            const body = { ...rest, origins: origin.split(/[\s,]+/).filter(Boolean), timeZone };
            onMade(await api('admin/sites', { method: 'POST', body, insist: true }));
        }
        catch (error) {
            if (!(error instanceof ApiError))
                throw error;
            setWrong(error);
        }
    };
    return (_jsxs("form", { onSubmit: (event) => void submit(event), children: [_jsx(TextField, { label: t('site.name'), required: true, value: given.name, error: errorAt('/name'), onInput: ({ currentTarget: { value } }) => set({ name: value, ...(given.id === idOf(given.name) && { id: idOf(value) }) }) }), _jsx(TextField, { label: t('site.id'), help: t('site.idHelp'), dir: "ltr", required: true, pattern: "[a-z0-9][a-z0-9\\-]*", value: given.id, error: errorAt('/id'), onInput: (event) => set({ id: event.currentTarget.value }) }), _jsx(TextField, { label: t('site.origins'), help: t('site.originsHelp'), dir: "ltr", required: true, placeholder: "https://news.example", value: given.origin, error: errorAt('/origins'), onInput: (event) => set({ origin: event.currentTarget.value }) }), _jsx(Choice, { label: t('site.locale'), value: given.locale, options: Object.entries(LANGUAGES), onChange: (locale) => set({ locale }) }), wrong && wrong.errors.length === 0 && (_jsx("p", { class: "wrong", role: "alert", children: wordsOf(wrong) })), _jsx("p", { class: "actions", children: _jsx(Button, { type: "submit", look: "main", children: t('site.make') }) })] }));
}
/** What an admin sees where there is no site yet. */
export function FirstSite() {
    const [made, setMade] = useState(null);
    return (_jsxs("main", { class: "page narrow", children: [_jsx("h1", { children: t('first.title') }), made ? (_jsxs(_Fragment, { children: [_jsx("p", { children: t('first.made', { name: made.name }) }), _jsx(Snippet, { site: made }), _jsx("p", { class: "actions", children: _jsx(Button, { look: "main", onClick: () => void loadSites(), children: t('first.go') }) })] })) : (_jsxs(_Fragment, { children: [_jsx("p", { children: t('first.intro') }), _jsx(NewSite, { onMade: setMade })] }))] }));
}

import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { me, session, speak } from '../session.ts';
import { siteName } from '../sites.ts';
import { notify, wordsOf } from '../ui/notices.ts';
import { Button, Choice, TextField } from '../ui/parts.tsx';
import { showTheme, THEMES, theme } from '../ui/theme.ts';
import { isLanguage, LANGUAGES, language, t } from '../words/index.ts';
async function change(patch) {
    session.value = { state: 'in', me: await api('me', { method: 'PATCH', body: patch }) };
    notify({ kind: 'good', text: t('saved') });
}
function NameForm() {
    const [name, setName] = useState(me().name);
    const [wrong, setWrong] = useState('');
    const submit = (event) => {
        event.preventDefault();
        change({ name }).catch((error) => setWrong(wordsOf(error)));
    };
    return (_jsxs("form", { onSubmit: submit, children: [_jsx(TextField, { label: t('me.name'), help: t('me.nameHelp'), required: true, error: wrong, value: name, onInput: (event) => setName(event.currentTarget.value) }), _jsx(Button, { type: "submit", children: t('save') })] }));
}
function PasswordForm() {
    const [current, setCurrent] = useState('');
    const [next, setNext] = useState('');
    const [wrong, setWrong] = useState('');
    const submit = (event) => {
        event.preventDefault();
        change({ password: { current, next } }).then(() => {
            setCurrent('');
            setNext('');
            setWrong('');
        }, (error) => setWrong(wordsOf(error)));
    };
    return (_jsxs("form", { onSubmit: submit, children: [_jsx("h2", { children: t('me.password') }), _jsx(TextField, { label: t('me.current'), type: "password", dir: "ltr", autocomplete: "current-password", required: true, value: current, onInput: (event) => setCurrent(event.currentTarget.value) }), _jsx(TextField, { label: t('me.next'), help: t('me.nextHelp'), type: "password", dir: "ltr", autocomplete: "new-password", required: true, minLength: 12, maxLength: 200, error: wrong, value: next, onInput: (event) => setNext(event.currentTarget.value) }), _jsx(Button, { type: "submit", children: t('me.setPassword') })] }));
}
export function MePage() {
    const { email, role, sites } = me();
    return (_jsxs("main", { class: "page narrow", children: [_jsx("h1", { children: t('nav.me') }), _jsxs("p", { class: "soft", children: [_jsx("bdi", { children: email }), " \u00B7 ", t(`role.${role}`), " \u00B7", ' ', sites.includes('*') ? t('site.all') : sites.map(siteName).join(', ')] }), _jsx(NameForm, {}), _jsx(Choice, { label: t('language'), value: language.value, options: Object.entries(LANGUAGES), onChange: (next) => isLanguage(next) && void speak(next) }), _jsx(Choice, { label: t('theme'), value: theme.value, options: THEMES.map((one) => [one, t(`theme.${one}`)]), onChange: showTheme }), _jsx(PasswordForm, {})] }));
}

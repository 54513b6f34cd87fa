import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { ApiError, api } from '../api/client.ts';
import { go, hrefOf, place } from '../router.ts';
import { loadSites } from '../sites.ts';
import { Paged, useLoaded, usePages, Waiting } from '../ui/loading.tsx';
import { notify, wordsOf } from '../ui/notices.ts';
import { Button, Choice, Field, TextField } from '../ui/parts.tsx';
import { LANGUAGES, t } from '../words/index.ts';
import { NewSite } from './first-site.tsx';
import { PagesPage } from './pages-page.tsx';
import { writePath } from './policy-fields.ts';
import { ForReaders, PolicyForm } from './policy-form.tsx';
import { Snippet } from './snippet.tsx';
import { WordsPage } from './words-page.tsx';
/** A patch over what it changes, as RFC 7396 says; null stands for the default and is shown as nothing. */
function merged(base, patch) {
    if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
        return patch;
    const before = typeof base === 'object' && base !== null ? base : {};
    const changed = Object.entries(patch).map(([name, value]) => [name, merged(before[name], value)]);
    return { ...before, ...Object.fromEntries(changed) };
}
function Basics({ site, onChange, wrong, }) {
    const errorAt = (pointer) => wrong?.errors.find((error) => error.pointer?.startsWith(pointer))?.detail;
    const locales = Object.entries(LANGUAGES);
    const known = locales.some(([locale]) => locale === site.locale);
    return (_jsxs("fieldset", { children: [_jsx("legend", { children: t('site') }), _jsxs("div", { class: "two", children: [_jsx(TextField, { label: t('site.name'), required: true, value: site.name, error: errorAt('/name'), onChange: (event) => onChange({ name: event.currentTarget.value }) }), _jsx(Choice, { label: t('site.locale'), value: site.locale, options: known ? locales : [...locales, [site.locale, site.locale]], onChange: (locale) => onChange({ locale }) }), _jsx(TextField, { label: t('site.timeZone'), dir: "ltr", required: true, value: site.timeZone, error: errorAt('/timeZone'), onChange: (event) => onChange({ timeZone: event.currentTarget.value.trim() }) }), _jsx(Field, { label: t('site.origins'), help: t('site.originsLines'), error: errorAt('/origins'), children: (ids) => (_jsx("textarea", { ...ids, dir: "ltr", rows: site.origins.length + 1, defaultValue: site.origins.join('\n'), onChange: (event) => onChange({ origins: event.currentTarget.value.split(/\s+/).filter(Boolean) }) })) })] })] }));
}
/** The settings of a site. Only what was changed is sent, with the version that was seen. */
function Settings({ site, onSaved }) {
    const [patch, setPatch] = useState({});
    const [wrong, setWrong] = useState(null);
    const shown = merged(site, patch);
    const change = (part) => setPatch({ ...patch, ...part });
    const isChanged = Object.keys(patch).length > 0;
    const submit = async (event) => {
        event.preventDefault();
        try {
            const body = { ...patch, version: site.version };
            onSaved(await api(`admin/sites/${site.id}`, { method: 'PATCH', body }));
            setPatch({});
            setWrong(null);
            notify({ kind: 'good', text: t('saved') });
            void loadSites();
        }
        catch (error) {
            if (!(error instanceof ApiError))
                throw error;
            setWrong(error);
        }
    };
    return (_jsxs("form", { onSubmit: (event) => void submit(event), children: [_jsx(Basics, { site: shown, wrong: wrong, onChange: change }), _jsx(PolicyForm, { policy: shown.policy, wrong: wrong, onChange: (path, value) => change({ policy: writePath((patch.policy ?? {}), path, value) }) }), _jsx(ForReaders, { policy: shown.policy }), _jsxs("div", { class: "save-line", children: [_jsx(Button, { type: "submit", look: "main", disabled: !isChanged, children: t('save') }), isChanged && _jsx("span", { children: t('changed') }), wrong && (_jsx("p", { class: "wrong", role: "alert", children: wordsOf(wrong) }))] })] }));
}
const TABS = ['settings', 'words', 'pages', 'embed'];
function SitePage({ id }) {
    const tab = place.value.path[2] ?? 'settings';
    const { data: site, error, reload, replace } = useLoaded(`admin/sites/${encodeURIComponent(id)}`);
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: _jsx("bdi", { children: site?.name ?? id }) }), _jsx("nav", { class: "pages-tabs", "aria-label": t('site'), children: TABS.map((name) => (_jsx("a", { href: hrefOf(name === 'settings' ? ['sites', id] : ['sites', id, name]), "aria-current": tab === name ? 'page' : undefined, children: t(`site.tab.${name}`) }, name))) }), !site && _jsx(Waiting, { error: error, reload: reload }), site && tab === 'settings' && _jsx(Settings, { site: site, onSaved: replace }, site.version), site && tab === 'words' && _jsx(WordsPage, { site: site }), site && tab === 'pages' && _jsx(PagesPage, { site: site }), site && tab === 'embed' && _jsx(Snippet, { site: site })] }));
}
function SiteList() {
    const [makes, setMakes] = useState(false);
    const pages = usePages('admin/sites');
    const onMade = (site) => {
        void loadSites();
        go(['sites', site.id, 'embed']);
    };
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('nav.sites') }), _jsx(Paged, { pages: pages, empty: t('first.intro'), children: (sites) => (_jsx("ul", { class: "history", children: sites.map(({ id, name, origins }) => (_jsxs("li", { children: [_jsx("a", { href: hrefOf(['sites', id]), children: _jsx("bdi", { children: name }) }), ' ', _jsx("bdi", { class: "soft", children: origins.join(' ') })] }, id))) })) }), _jsx("p", { class: "actions", children: _jsx(Button, { onClick: () => setMakes(!makes), "aria-expanded": makes, children: t('site.new') }) }), makes && (_jsx("div", { class: "panel narrow", children: _jsx(NewSite, { onMade: onMade }) }))] }));
}
export function SitesPage() {
    const id = place.value.path[1];
    return id === undefined ? _jsx(SiteList, {}) : _jsx(SitePage, { id: id }, id);
}

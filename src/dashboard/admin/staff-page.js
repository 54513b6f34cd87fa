import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { siteName } from '../sites.ts';
import { Paged, usePages } from '../ui/loading.tsx';
import { complain, notify, wordsOf } from '../ui/notices.ts';
import { Age, Button, Dialog, TextField } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { ScopeFields } from './scope-fields.tsx';
import { Copyable } from './snippet.tsx';
function Invite({ onMade }) {
    const [given, setGiven] = useState({
        ...{ name: '', email: '', role: 'moderator', sites: [] },
    });
    const [wrong, setWrong] = useState('');
    const submit = async (event) => {
        event.preventDefault();
        try {
            const made = await api('admin/moderators', {
                method: 'POST',
                body: given,
                insist: true,
            });
            onMade(made.inviteUrl ? { name: given.name, url: made.inviteUrl } : null);
            setGiven({ ...given, name: '', email: '' });
            setWrong('');
        }
        catch (error) {
            setWrong(wordsOf(error));
        }
    };
    return (_jsxs("form", { class: "panel narrow", onSubmit: (event) => void submit(event), children: [_jsx("h2", { children: t('staff.invite') }), _jsx(TextField, { label: t('me.name'), help: t('me.nameHelp'), required: true, value: given.name, onInput: (event) => setGiven({ ...given, name: event.currentTarget.value }) }), _jsx(TextField, { label: t('email'), type: "email", dir: "ltr", required: true, error: wrong, value: given.email, onInput: (event) => setGiven({ ...given, email: event.currentTarget.value }) }), _jsx(ScopeFields, { value: given, onChange: (scope) => setGiven({ ...given, ...scope }) }), _jsx(Button, { type: "submit", look: "main", disabled: given.sites.length === 0, children: t('staff.doInvite') })] }));
}
function EditStaff({ moderator, onClose }) {
    const [scope, setScope] = useState(moderator);
    const patch = async (body) => {
        const { id, version } = moderator;
        await api(`admin/moderators/${id}`, { method: 'PATCH', body: { ...body, version } });
        notify({ kind: 'good', text: t('saved') });
        onClose();
    };
    const isOff = moderator.state === 'disabled';
    return (_jsxs(Dialog, { title: moderator.name, onClose: onClose, children: [_jsx(ScopeFields, { value: scope, onChange: setScope }), _jsxs("p", { class: "actions", children: [_jsx(Button, { look: "main", disabled: scope.sites.length === 0, onClick: () => void patch({ role: scope.role, sites: scope.sites }).catch(complain), children: t('save') }), _jsx(Button, { look: "danger", onClick: () => void patch({ state: isOff ? 'active' : 'disabled' }).catch(complain), children: isOff ? t('staff.enable') : t('staff.disable') })] })] }));
}
function Row({ moderator, onEdit, onLink, }) {
    const { id, name, email, role, sites, state, totp, lastSeenAt } = moderator;
    const link = async () => {
        const kind = state === 'invited' ? 'invite' : 'reset';
        const given = await api(`admin/moderators/${id}/${kind}`, {
            method: 'POST',
            insist: true,
        });
        onLink({ name, url: given.inviteUrl ?? given.resetUrl ?? '' });
    };
    return (_jsxs("tr", { children: [_jsx("td", { "data-label": t('me.name'), children: _jsxs("span", { children: [_jsx("bdi", { children: name }), " ", _jsx("bdi", { class: "soft", children: email })] }) }), _jsx("td", { "data-label": t('role'), children: t(`role.${role}`) }), _jsx("td", { "data-label": t('nav.sites'), children: _jsx("bdi", { children: sites.includes('*') ? t('site.all') : sites.map(siteName).join(', ') }) }), _jsx("td", { "data-label": t('staff.state'), children: _jsxs("span", { children: [t(`staff.${state}`), " ", totp && _jsx("span", { class: "badge", children: t('staff.totp') }), ' ', lastSeenAt !== null && _jsx(Age, { at: lastSeenAt })] }) }), _jsx("td", { children: _jsxs("span", { class: "filter-line", children: [_jsx(Button, { onClick: onEdit, children: t('action.edit') }), state !== 'disabled' && (_jsx(Button, { onClick: () => void link().catch(complain), children: state === 'invited' ? t('staff.linkInvite') : t('staff.linkReset') }))] }) })] }));
}
export function StaffPage() {
    const pages = usePages('admin/moderators');
    const [edited, setEdited] = useState(null);
    const [link, setLink] = useState(null);
    const head = ['me.name', 'role', 'nav.sites', 'staff.state'];
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('nav.staff') }), link && (_jsxs("div", { class: "panel", role: "status", children: [_jsx("p", { children: t('staff.link', { name: link.name }) }), _jsx(Copyable, { text: link.url, label: t('staff.linkLabel') })] })), _jsx(Paged, { pages: pages, empty: "", children: (moderators) => (_jsx("div", { class: "wide", children: _jsxs("table", { class: "stacks", children: [_jsx("thead", { children: _jsxs("tr", { children: [head.map((key) => (_jsx("th", { scope: "col", children: t(key) }, key))), _jsx("th", { scope: "col", children: _jsx("span", { class: "unseen", children: t('action.edit') }) })] }) }), _jsx("tbody", { children: moderators.map((moderator) => (_jsx(Row, { moderator: moderator, onEdit: () => setEdited(moderator), onLink: setLink }, moderator.id))) })] }) })) }), _jsx(Invite, { onMade: (made) => {
                    setLink(made);
                    void pages.reload();
                } }), edited && (_jsx(EditStaff, { moderator: edited, onClose: () => {
                    setEdited(null);
                    void pages.reload();
                } }))] }));
}

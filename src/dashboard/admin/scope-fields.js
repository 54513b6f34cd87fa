import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { me } from '../session.ts';
import { sites } from '../sites.ts';
import { Choice } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
/** What somebody may do, and on which sites; nobody grants more than they have. */
export function ScopeFields({ value, onChange }) {
    const everywhere = value.sites.includes('*');
    const toggle = (id, on) => {
        const others = value.sites.filter((one) => one !== id && one !== '*');
        onChange({ ...value, sites: on ? [...others, id] : others });
    };
    return (_jsxs(_Fragment, { children: [_jsx(Choice, { label: t('role'), value: value.role, options: [
                    ['moderator', t('role.moderator')],
                    ['admin', t('role.admin')],
                ], onChange: (role) => onChange({ ...value, role: role === 'admin' ? 'admin' : 'moderator' }) }), _jsxs("div", { class: "field", children: [_jsx("p", { class: "help", children: t('nav.sites') }), me().sites.includes('*') && (_jsxs("label", { class: "check", children: [_jsx("input", { type: "checkbox", checked: everywhere, onChange: (event) => onChange({ ...value, sites: event.currentTarget.checked ? ['*'] : [] }) }), t('site.all')] })), !everywhere &&
                        sites.value?.map(({ id, name }) => (_jsxs("label", { class: "check", children: [_jsx("input", { type: "checkbox", checked: value.sites.includes(id), onChange: (event) => toggle(id, event.currentTarget.checked) }), _jsx("bdi", { children: name })] }, id)))] })] }));
}

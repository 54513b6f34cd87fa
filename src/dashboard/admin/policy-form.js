import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { reasonName } from '../queue/dialogs.tsx';
import { Choice, Field, TextField } from '../ui/parts.tsx';
import { t, tOr } from '../words/index.ts';
import { POLICY, readPath } from './policy-fields.ts';
const labelOf = (path) => t(`policy.${path}`);
const helpOf = (path) => tOr(`policy.${path}.help`, '') || undefined;
const linesOf = (text) => text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
function Switch({ field: { path }, value, onChange }) {
    return (_jsxs("div", { class: "field", children: [_jsxs("label", { class: "check", children: [_jsx("input", { type: "checkbox", checked: value === true, onChange: (event) => onChange(event.currentTarget.checked) }), labelOf(path)] }), helpOf(path) && _jsx("p", { class: "help", children: helpOf(path) })] }));
}
function Lines({ field: { path }, value, error, onChange }) {
    const lines = Array.isArray(value) ? value.map(String) : [];
    return (_jsx(Field, { label: labelOf(path), help: helpOf(path), error: error, children: (ids) => (_jsx("textarea", { ...ids, rows: Math.min(8, lines.length + 1), dir: "auto", defaultValue: lines.join('\n'), onChange: (event) => onChange(linesOf(event.currentTarget.value)) })) }));
}
function Several({ field, value, onChange }) {
    const chosen = Array.isArray(value) ? value.map(String) : [];
    const options = field.kind === 'set' ? field.options : [];
    const toggle = (option, on) => onChange(options.filter((one) => (one === option ? on : chosen.includes(one))));
    return (_jsxs("div", { class: "field", children: [_jsx("p", { class: "help", children: labelOf(field.path) }), options.map((option) => (_jsxs("label", { class: "check", children: [_jsx("input", { type: "checkbox", checked: chosen.includes(option), onChange: (event) => toggle(option, event.currentTarget.checked) }), t(`policy.${field.path}.${option}`)] }, option)))] }));
}
function numberOf(text, none) {
    if (text.trim() === '')
        return none ? null : undefined;
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
}
function PolicyInput(props) {
    const { field, value, error, onChange } = props;
    const { path } = field;
    switch (field.kind) {
        case 'switch':
            return _jsx(Switch, { ...props });
        case 'lines':
            return _jsx(Lines, { ...props });
        case 'set':
            return _jsx(Several, { ...props });
        case 'choice':
            return (_jsx(Choice, { label: labelOf(path), help: tOr(`policy.${path}.${value}.help`, helpOf(path) ?? '') || undefined, value: String(value), options: field.options.map((one) => [one, t(`policy.${path}.${one}`)]), onChange: onChange }));
        case 'number':
            return (_jsx(TextField, { label: labelOf(path), help: helpOf(path), error: error, type: "number", dir: "ltr", min: field.min, max: field.max, step: field.step ?? 1, required: !field.none, placeholder: field.none ? t('policy.never') : undefined, value: value === null || value === undefined ? '' : String(value), onChange: (event) => {
                    const next = numberOf(event.currentTarget.value, field.none === true);
                    if (next !== undefined)
                        onChange(next);
                } }));
        default:
            return (_jsx(TextField, { label: labelOf(path), help: helpOf(path), error: error, dir: "ltr", value: typeof value === 'string' ? value : '', onChange: (event) => onChange(event.currentTarget.value.trim()) }));
    }
}
function Group({ group, policy, wrong, onChange }) {
    const errorAt = (path) => wrong?.errors.find(({ pointer }) => pointer?.startsWith(`/policy/${path.replaceAll('.', '/')}`))?.detail;
    return (_jsxs("fieldset", { children: [_jsx("legend", { children: t(`policy.group.${group.name}`) }), _jsx("div", { class: "two", children: group.fields.map((field) => (_jsx(PolicyInput, { field: field, value: readPath(policy, field.path), error: errorAt(field.path), onChange: (value) => onChange(field.path, value) }, field.path))) })] }));
}
/** The whole policy, each setting with what it does. */
export function PolicyForm(props) {
    return POLICY.map((group) => _jsx(Group, { group: group, ...props }, group.name));
}
/** What readers will meet, said from the settings. */
export function ForReaders({ policy }) {
    const lines = [
        policy.closed === true ? t('readers.closed') : t(`readers.${policy.moderation}`),
        Array.isArray(policy.requiredFields) && policy.requiredFields.length > 0
            ? t('readers.fields', {
                fields: policy.requiredFields.map((one) => t(`policy.requiredFields.${one}`)).join(', '),
            })
            : t('readers.noFields'),
        Number(policy.editWindowSeconds) > 0
            ? t('readers.edit', { minutes: Math.round(Number(policy.editWindowSeconds) / 60) })
            : t('readers.noEdit'),
        policy.tellReason === true
            ? t('readers.reason', { reasons: policy.reasons.map(reasonName).join(', ') })
            : t('readers.noReason'),
    ];
    return (_jsxs("section", { class: "panel", children: [_jsx("h2", { children: t('readers') }), _jsx("ul", { children: lines.map((line) => (_jsx("li", { children: line }, line))) })] }));
}

import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useEffect, useRef, useState } from 'preact/hooks';
import { objections, phaseName } from '../comment/reasons.ts';
import { me } from '../session.ts';
import { siteName, sites } from '../sites.ts';
import { Age, Badge } from '../ui/parts.tsx';
import { formatNumber, t } from '../words/index.ts';
import * as list from './list.ts';
/** Rows drawn beyond what is seen, above and below. */
const MARGIN = 6;
const SNIPPET = 160;
function RowNote({ row: { comment, gone } }) {
    if (gone) {
        const name = gone.by === null ? t('somebody') : gone.by.id === me().id ? t('you') : gone.by.name;
        return (_jsx("span", { class: "row-note gone-note", children: t('gone.by', { name, status: t(`status.${gone.status}`) }) }));
    }
    const { claim } = comment;
    if (claim && Date.parse(claim.until) > Date.now()) {
        const isMine = claim.by.id === me().id;
        return _jsx("span", { class: "row-note", children: isMine ? t('claim.mine') : t('claim.by', { name: claim.by.name }) });
    }
    const [first] = objections(comment.screening);
    return first ? _jsx("span", { class: "row-note", children: phaseName(first.phase) }) : null;
}
function RowItem({ row, index, height, isCurrent, isChosen, onOpen }) {
    const { comment, gone } = row;
    const { id, author, body, page, createdAt, status, site } = comment;
    const name = author?.name ?? t('nobody');
    const withSite = (sites.value?.length ?? 0) > 1;
    return (_jsxs("li", { class: `row${isCurrent ? ' is-current' : ''}${gone ? ' is-gone' : ''}`, style: { insetBlockStart: `${index * height}px`, blockSize: `${height}px` }, "aria-setsize": list.isWhole() ? list.rows.value.length : -1, "aria-posinset": index + 1, children: [_jsx("input", { type: "checkbox", checked: isChosen, "aria-label": t('choose', { name }), onChange: (event) => list.toggle(id, event.currentTarget.checked) }), _jsxs("button", { type: "button", class: "row-open", "aria-current": isCurrent ? 'true' : undefined, onClick: onOpen, children: [_jsxs("span", { class: "row-line", children: [_jsx("bdi", { class: "row-name", children: name }), list.shownFilter()?.status === 'all' && _jsx(Badge, { status: status }), _jsx(Age, { at: createdAt })] }), _jsx("span", { class: "row-text", dir: "auto", children: (body?.text ?? '').slice(0, SNIPPET) }), _jsxs("span", { class: "row-line row-foot", children: [_jsx(RowNote, { row: row }), _jsx("bdi", { class: "row-page", children: [withSite && siteName(site), page.title ?? page.url].filter(Boolean).join(' · ') })] })] })] }));
}
/** The rows that are to be seen, of however many there are. */
function useWindow(count, height) {
    const ref = useRef(null);
    const [seen, setSeen] = useState({ top: 0, height: 800 });
    useEffect(() => {
        const box = ref.current;
        if (!box)
            return undefined;
        const look = () => setSeen({ top: box.scrollTop, height: box.clientHeight });
        const observer = new ResizeObserver(look);
        observer.observe(box);
        box.addEventListener('scroll', look, { passive: true });
        look();
        return () => {
            observer.disconnect();
            box.removeEventListener('scroll', look);
        };
    }, []);
    const first = Math.max(0, Math.floor(seen.top / height) - MARGIN);
    const end = Math.min(count, Math.ceil((seen.top + seen.height) / height) + MARGIN);
    return { ref, first, end };
}
/** The height of a row in pixels, as the sheet says in rem. */
function rowHeight() {
    const root = getComputedStyle(document.documentElement);
    return Number.parseFloat(root.fontSize) * Number.parseFloat(root.getPropertyValue('--row'));
}
function keepInSight(box, index, height) {
    const top = index * height;
    if (top < box.scrollTop)
        box.scrollTop = top;
    else if (top + height > box.scrollTop + box.clientHeight)
        box.scrollTop = top + height - box.clientHeight;
}
/** The list beside the comment: of thousands of rows only those in sight are in the document. */
export function RowList({ onOpen }) {
    const [height] = useState(rowHeight);
    const all = list.rows.value;
    const { ref, first, end } = useWindow(all.length, height);
    const at = list.positions.value.get(list.currentId.value ?? '') ?? -1;
    useEffect(() => {
        if (ref.current && at >= 0)
            keepInSight(ref.current, at, height);
    }, [at, height]);
    useEffect(() => {
        void list.ensureAhead(end);
    }, [end, all.length]);
    const open = (id) => {
        list.currentId.value = id;
        onOpen();
    };
    return (_jsx("div", { class: "rows", ref: ref, children: _jsx("ul", { style: { blockSize: `${all.length * height}px` }, "aria-label": t('queue.list'), children: all.slice(first, end).map((row, index) => (_jsx(RowItem, { row: row, index: first + index, height: height, isCurrent: row.comment.id === list.currentId.value, isChosen: list.chosen.value.has(row.comment.id), onOpen: () => open(row.comment.id) }, row.comment.id))) }) }));
}
/** How many there are, and which one is looked at. */
export function ListFoot() {
    const { value: total } = list.total;
    if (!total)
        return null;
    const at = (list.positions.value.get(list.currentId.value ?? '') ?? -1) + 1;
    const count = `${formatNumber(total.count)}${total.capped ? '+' : ''}`;
    return _jsx("p", { class: "list-foot", children: t('queue.position', { at, total: count }) });
}
